/* first_conf.c - a first configuration, and empty files for its secrets.
 *
 * Nothing that is there is written over: files are made with O_EXCL.
 */
#include "cmd/first_conf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"
#include "base/xmem.h"
#include "cmd/process.h"

static const char *const campaign_secrets[] = {
    "cpe-password", "snmp-auth", "snmp-priv", NULL};

const struct first_conf first_conf_campaign = {.file = "campaign.conf",
    .secrets = campaign_secrets,
    .text =
	"# What the campaign does; traffic-capture.conf(5) has all settings.\n"
	"\n"
	"campaign = {\n"
	"\tname = \"branch-wan\";\n"
	"\twindow = \"8h\";\t\t\t# the longest wait for alarms\n"
	"};\n"
	"\n"
	"# A user that the campaign makes on each device, for its probes, and\n"
	"# removes again.  Write two passwords that are used nowhere else.\n"
	"snmp = {\n"
	"\tauth_password_file = \"snmp-auth\";\n"
	"\tpriv_password_file = \"snmp-priv\";\n"
	"};\n"
	"\n"
	"# Who vouches for the devices' certificates (a file beside this one).\n"
	"# Where they sign their own, the first one seen of each is kept and\n"
	"# asked for from then on: tls = \"accept-new\" instead.\n"
	"rest = { ca_file = \"ca.pem\"; };\n"
	"\n"
	"# What all devices have in common.\n"
	"defaults = {\n"
	"\tusername = \"Admin\";\n"
	"\tpassword_file = \"cpe-password\";\n"
	"\tagent = \"192.0.2.252\";\t\t# the OVOC server\n"
	"};\n"
	"\n"
	"# One line a device: type \"msbr\" with the interfaces to capture on,\n"
	"# or \"gwsbc\".\n"
	"devices = (\n"
	"\t{ address = \"192.0.2.218\"; type = \"msbr\"; interfaces = [ "
	"\"eth-wan\" ]; },\n"
	"\t{ address = \"192.0.2.219\"; type = \"gwsbc\"; name = \"branch "
	"12\"; }\n"
	");\n"};

static const char *const agent_secrets[] = {
    "ovoc-password", "snmp-auth", "snmp-priv", NULL};

const struct first_conf first_conf_agent = {.file = "agent.conf",
    .secrets = agent_secrets,
    .text =
	"# What the agent does; traffic-capture-agent.conf(5) has all "
	"settings.\n"
	"\n"
	"agent = {\n"
	"\tinterface = \"ens192\";\t\t# that the devices are reached by\n"
	"\tallow = [ \"192.0.2.10\" ];\t# the hosts of campaigns\n"
	"};\n"
	"\n"
	"# Who makes the rules that forward alarms, at OVOC's REST interface,\n"
	"# and who vouches for its certificate (a file beside this one).\n"
	"ovoc = {\n"
	"\tusername = \"capture\";\n"
	"\tpassword_file = \"ovoc-password\";\n"
	"\tca_file = \"ca.pem\";\n"
	"};\n"
	"\n"
	"# The same passwords as the campaign's, for probes from here.\n"
	"snmp = {\n"
	"\tauth_password_file = \"snmp-auth\";\n"
	"\tpriv_password_file = \"snmp-priv\";\n"
	"};\n"};

static bool
cannot(const char *what, const char *path, struct fail *why)
{
	fail_set(
	    why, FAIL_LOCAL, "cannot %s %s: %s", what, path, strerror(errno));
	return false;
}

static int
is_conf(const struct dirent *e)
{
	const char *dot = strrchr(e->d_name, '.');

	return dot != NULL && strcmp(dot, ".conf") == 0;
}

/* It is there, and has no configuration. */
static bool
make_folder(const char *folder, struct fail *why)
{
	struct dirent **found;
	int n;

	if (mkdir(folder, 0755) != 0 && errno != EEXIST)
		return cannot("make", folder, why);
	n = scandir(folder, &found, is_conf, alphasort);
	if (n < 0)
		return cannot("read", folder, why);
	if (n > 0)
		fail_set(why, FAIL_LOCAL,
		    "%s has a configuration already, %s: nothing was written",
		    folder, found[0]->d_name);
	for (int i = 0; i < n; i++)
		free(found[i]);
	free(found);
	return n == 0;
}

/* A new file with this text; false with errno. */
static bool
write_new(const char *path, const char *text, mode_t mode)
{
	int fd = open(
	    path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	bool ok;
	int error;

	if (fd < 0)
		return false;
	ok = fchmod(fd, mode) == 0 && dprintf(fd, "%s", text) >= 0 &&
	     fsync(fd) == 0;
	error = errno;
	close(fd);
	if (!ok)
		unlink(path);
	errno = error;
	return ok;
}

static bool
write_secrets(const struct first_conf *f, const char *folder,
    struct strbuf *said, struct fail *why)
{
	char *credentials = secret_folder_beside(folder), *path;
	struct stat st;
	bool beside = stat(credentials, &st) == 0 && S_ISDIR(st.st_mode),
	     ok = true;

	for (size_t i = 0; ok && f->secrets[i] != NULL; i++) {
		path = xasprintf(
		    "%s/%s", beside ? credentials : folder, f->secrets[i]);
		if (write_new(path, "", 0600))
			strbuf_addf(
			    said, "  %s: write the password into it\n", path);
		else if (errno == EEXIST)
			strbuf_addf(said, "  %s: it was there\n", path);
		else
			ok = cannot("write", path, why);
		free(path);
	}
	free(credentials);
	return ok;
}

static bool
write_all(const struct first_conf *f, const char *folder, struct strbuf *said,
    struct fail *why)
{
	char *path;
	bool ok;

	if (!make_folder(folder, why))
		return false;
	path = xasprintf("%s/%s", folder, f->file);
	ok = write_new(path, f->text, 0644) || cannot("write", path, why);
	if (ok)
		strbuf_addf(said,
		    "Written, for you to fill in:\n"
		    "  %s: put your addresses in place of 192.0.2.*\n",
		    path);
	free(path);
	return ok && write_secrets(f, folder, said, why);
}

int
first_conf_run(const struct first_conf *f, const struct options *o,
    const struct program_words *w)
{
	const char *folder =
	    o->paths.n > 0 ? o->paths.texts[0] : w->default_conf;
	struct strbuf said = STRBUF_INIT;
	struct fail why;
	bool ok;

	if (o->paths.n > 1) {
		process_say(o, LOGGING_ERROR,
		    "%s: --init writes into one folder: give one -c", w->name);
		return EXIT_OPTIONS;
	}
	ok = write_all(f, folder, &said, &why);
	if (!ok)
		process_say(o, LOGGING_ERROR, "%s: %s", w->name, why.text);
	else
		strbuf_addf(&said,
		    "Then %s --check%s%s says what is missing.\n", w->name,
		    o->paths.n > 0 ? " -c " : "", o->paths.n > 0 ? folder : "");
	ok = process_print(&said) && ok;
	strbuf_free(&said);
	return ok ? EXIT_SUCCESS : EXIT_TROUBLE;
}
