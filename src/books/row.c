/* row.c - what tasks, statuses and severities are called.
 *
 * The names are those of the public project's reports.
 */
#include "books/row.h"

#include <stdio.h>
#include <stdlib.h>

const char *
task_name(enum task t, int tcp_port, char buf[32])
{
	switch (t) {
	case TASK_RESOLVE:
		return "Resolve";
	case TASK_REGISTER:
		return "Register";
	case TASK_SHOW:
		return "Show capture";
	case TASK_START:
		return "Start capture";
	case TASK_VERIFY_STARTED:
		return "Verify started";
	case TASK_OVOC_CAPTURE:
		return "OVOC capture";
	case TASK_ALARM:
		return "Alarm";
	case TASK_OVOC_VERIFY:
		return "OVOC verify";
	case TASK_ICMP:
		return "Send ICMP (Ping)";
	case TASK_SNMP:
		return "Send UDP (SNMPv3)";
	case TASK_TCP:
		snprintf(buf, 32, "Send TCP (Port %d)", tcp_port);
		return buf;
	case TASK_STOP:
		return "Stop capture";
	case TASK_VERIFY_STOPPED:
		return "Verify stopped";
	case TASK_RETRIEVE:
		return "Retrieve capture";
	case TASK_OVOC_STOP:
		return "OVOC stop";
	case TASK_RECOVER:
		return "Recover";
	}
	abort();
}

const char *
task_status_name(enum task_status s)
{
	switch (s) {
	case TASK_SUCCESS:
		return "Success";
	case TASK_FAILURE:
		return "Failure";
	case TASK_SKIPPED:
		return "Skipped";
	}
	abort();
}

const char *
severity_name(enum severity s)
{
	switch (s) {
	case SEVERITY_NORMAL:
		return "NORMAL";
	case SEVERITY_MINOR:
		return "MINOR";
	case SEVERITY_MAJOR:
		return "MAJOR";
	case SEVERITY_CRITICAL:
		return "CRITICAL";
	}
	abort();
}
