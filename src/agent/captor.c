/* captor.c - see captor.h. */
#include "agent/captor.h"

#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>

const char *const captor_env[] = {
    "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", NULL};

void
captor_describe_end(
    const char *what, int status, const char *said, struct fail *why)
{
	bool privilege =
	    strstr(said, "permission to perform this capture") != NULL;

	if (said[0] == '\0')
		said = "it said nothing";
	if (WIFSIGNALED(status))
		fail_set(why, FAIL_LOCAL, "%s ended by signal %d: %s", what,
		    WTERMSIG(status), said);
	else
		fail_set(why, FAIL_LOCAL, "%s ended with status %d: %s%s", what,
		    WEXITSTATUS(status), said,
		    privilege ? "; run the agent with CAP_NET_RAW as an "
				"ambient capability"
			      : "");
}
