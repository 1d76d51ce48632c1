/* measure.c - what a command costs.
 *
 * usage: measure COMMAND [ARGUMENT...]
 *
 * Its output goes nowhere.  Prints its processor time and its wall clock's in
 * microseconds, and the most memory it had, in KiB; its exit status is 0 if
 * the command began and ended by itself.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static long long
us_of(const struct timeval *t)
{
	return t->tv_sec * 1000000LL + t->tv_usec;
}

static void
run(char *argv[])
{
	int nowhere = open("/dev/null", O_WRONLY);

	if (nowhere < 0 || dup2(nowhere, STDOUT_FILENO) < 0 ||
	    dup2(nowhere, STDERR_FILENO) < 0)
		_exit(127);
	execvp(argv[0], argv);
	_exit(127);
}

int
main(int argc, char *argv[])
{
	long long began = now_us();
	struct rusage used;
	int status;
	pid_t child;

	if (argc < 2) {
		fprintf(stderr, "usage: measure COMMAND [ARGUMENT...]\n");
		return 2;
	}
	child = fork();
	if (child == 0)
		run(argv + 1);
	if (child < 0 || wait4(child, &status, 0, &used) != child)
		return 1;
	if (!WIFEXITED(status) || WEXITSTATUS(status) == 127)
		return 1;
	printf("%lld %lld %ld\n", us_of(&used.ru_utime) + us_of(&used.ru_stime),
	    now_us() - began, used.ru_maxrss);
	return 0;
}
