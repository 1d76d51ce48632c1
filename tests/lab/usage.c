/* usage.c - what a newcomer reads first; the manual page has the rest. */
#include "usage.h"

#include <stdio.h>

#include "base/str.h"
#include "fault.h"

static const char head[] =
    "usage: traffic-capture-lab [-v | -q] [--state DIR] [--stats FILE]\n"
    "                           -f FILE | --demo\n"
    "\n"
    "Plays an OVOC server and AudioCodes devices: HTTPS with CLI scripts, SSH\n"
    "with SFTP, SNMP by a real snmpd(8), alarms by syslog; and, where the\n"
    "scenario says so, everything that can go wrong with them.\n"
    "\n"
    "  -f, --scenario FILE  the scenario\n"
    "      --demo           a built-in one: five devices, high ports\n"
    "      --state DIR      folder for keys, certificates and captures\n"
    "                       (instead of the scenario's `state`)\n"
    "      --stats FILE     write counters there at the end and on SIGUSR1\n"
    "  -v, --verbose        log more\n"
    "  -q, --quiet          log warnings and errors only\n"
    "      --version        print the version and exit\n"
    "  -h, --help           print this and exit\n"
    "\n"
    "It prints `lab: ready` on stdout once everything listens, logs to stderr,\n"
    "and ends on SIGTERM or Ctrl-C.  SIGUSR2: all devices that wait for their\n"
    "loss are lost now.  Exit status: 0 ended by a signal, 2 wrong command\n"
    "line, 3 wrong scenario, 7 trouble on this host (a port is taken, ...).\n"
    "\n"
    "Try it: start `traffic-capture-lab --demo` in one terminal, and in another\n"
    "\n"
    "  cd /tmp/traffic-capture-lab; cat ssh-fingerprint tls-pin\n"
    "  curl --cacert ca.pem -u Admin:Admin https://127.1.0.1:8443/api/v1/status\n"
    "  printf 'debug capture data physical eth-wan\\n' > cli.txt\n"
    "  printf 'debug capture data physical start\\n' >> cli.txt\n"
    "  curl --cacert ca.pem -u Admin:Admin -X PUT -F file=@cli.txt \\\n"
    "      https://127.1.0.1:8443/api/v1/files/cliScript/incremental\n"
    "\n"
    "and with `stop` in cli.txt the same again, then fetch the capture:\n"
    "\n"
    "  sftp -P 8022 Admin@127.1.0.1:/debug-capture/debug-capture-data.pcap .\n"
    "\n"
    "The scenario of --demo, to start your own from:\n"
    "\n";

const char usage_demo[] =
    "lab = {\n"
    "  state = \"/tmp/traffic-capture-lab\";\n"
    "  snmpd = false;            # true: a real snmpd, on snmp_port\n"
    "  snmp_port = 8161;\n"
    "  ovoc = {\n"
    "    address = \"127.0.0.1\"; port = 8444;\n"
    "    username = \"capture\"; password = \"capture\";\n"
    "    alarm_format = \"1.0.6\"; # or \"documented\"\n"
    "  };\n"
    "  devices = (\n"
    "    { address = \"127.1.0.1\"; count = 3; name = \"branch\"; type = \"msbr\";\n"
    "      username = \"Admin\"; password = \"Admin\";\n"
    "      rest_port = 8443; ssh_port = 8022;\n"
    "      lose_after = \"2s\"; lose_times = 1; lost_for = \"5s\";\n"
    "      capture_size = \"200k\"; },\n"
    "    { address = \"127.1.0.11\"; count = 2; name = \"gateway\"; type = \"gwsbc\";\n"
    "      rest_port = 8443; ssh_port = 8022;\n"
    "      faults = ( { on = \"start\"; kind = \"status\"; code = 409; times = 1; } ); }\n"
    "  );\n"
    "};\n";

void
usage_print(void)
{
	struct strbuf faults = STRBUF_INIT;

	faults_describe(&faults);
	printf("%s%s\n", head, usage_demo);
	printf("Faults: kind, what happens, and the places (`on`) for it:\n\n");
	printf("%s\nEvery key is explained in traffic-capture-lab(8).\n",
	    strbuf_text(&faults));
	strbuf_free(&faults);
}
