/* row.c - what tasks, statuses and severities are called.
 *
 * The names are those of the public project's reports.
 */
#include "books/row.h"

#include <stdio.h>

#include "base/name.h"

static const struct {
	const char *key; /* in the journal, whatever people read */
	const char *name;
} tasks[TASK_COUNT] = {
    [TASK_RESOLVE] = {"resolve", "Resolve"},
    [TASK_REGISTER] = {"register", "Register"},
    [TASK_SHOW] = {"show", "Show capture"},
    [TASK_START] = {"start", "Start capture"},
    [TASK_VERIFY_STARTED] = {"verify-started", "Verify started"},
    [TASK_OVOC_CAPTURE] = {"ovoc-capture", "OVOC capture"},
    [TASK_ALARM] = {"alarm", "Alarm"},
    [TASK_OVOC_VERIFY] = {"ovoc-verify", "OVOC verify"},
    [TASK_ICMP] = {"icmp", "Send ICMP (Ping)"},
    [TASK_SNMP] = {"snmp", "Send UDP (SNMPv3)"},
    [TASK_TCP] = {"tcp", "Send TCP"},
    [TASK_RETRIEVE_SERVER] = {"retrieve-server", "Retrieve server capture"},
    [TASK_COMPARE] = {"compare", "Compare captures"},
    [TASK_HOOK] = {"hook", "Hook"},
    [TASK_STOP] = {"stop", "Stop capture"},
    [TASK_VERIFY_STOPPED] = {"verify-stopped", "Verify stopped"},
    [TASK_RETRIEVE] = {"retrieve", "Retrieve capture"},
    [TASK_OVOC_STOP] = {"ovoc-stop", "OVOC stop"},
    [TASK_RECOVER] = {"recover", "Recover"},
    [TASK_LOGIN_REST] = {"login-rest", "Log in by REST"},
    [TASK_LOGIN_SSH] = {"login-ssh", "Log in by SSH"},
    [TASK_CLOCKS] = {"clocks", "Compare clocks"},
};

static const char *const statuses[TASK_STATUS_COUNT] = {
    [TASK_SUCCESS] = "Success",
    [TASK_FAILURE] = "Failure",
    [TASK_SKIPPED] = "Skipped",
};

static const char *const severities[SEVERITY_COUNT] = {
    [SEVERITY_NORMAL] = "NORMAL",
    [SEVERITY_MINOR] = "MINOR",
    [SEVERITY_MAJOR] = "MAJOR",
    [SEVERITY_CRITICAL] = "CRITICAL",
};

enum task
task_of_probe(enum verify_kind k)
{
	return (enum task)(TASK_ICMP + (int)k);
}

const char *
task_name(enum task t)
{
	return tasks[t].name;
}

const char *
task_status_name(enum task_status s)
{
	return statuses[s];
}

const char *
severity_name(enum severity s)
{
	return severities[s];
}

const char *
task_key(enum task t)
{
	return tasks[t].key;
}

enum task
task_find(const char *key)
{
	return (enum task)NAME_FIND(tasks, key);
}

enum task_status
task_status_find(const char *name)
{
	return (enum task_status)NAME_FIND(statuses, name);
}

enum severity
severity_find(const char *name)
{
	return (enum severity)NAME_FIND(severities, name);
}
