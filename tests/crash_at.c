/*
 * Runs a command and kills it at one of its system calls: nothing that it
 * does to files happens between two of them.
 *
 *	crash_at N COMMAND [ARGUMENT]...
 *
 * Linux only. With 0 it runs to its end. Prints how many system calls there
 * were; ends with 0 when the command came to its end, with 1 when it was
 * killed.
 */
#include <sys/ptrace.h>
#include <sys/wait.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void
die(const char *what)
{
	perror(what);
	exit(2);
}

int
main(int argc, char **argv)
{
	unsigned long last, stops = 0;
	int status;
	pid_t child;

	if (argc < 3)
		return 2;
	last = strtoul(argv[1], NULL, 10);
	child = fork();
	if (child < 0)
		die("fork");
	if (child == 0) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
			die("ptrace");
		execv(argv[2], argv + 2);
		die(argv[2]);
	}
	/* The first stop is that of exec; then in and out of each call. */
	while (waitpid(child, &status, 0) == child && WIFSTOPPED(status)) {
		if (last != 0 && ++stops == last) {
			kill(child, SIGKILL);
			waitpid(child, &status, 0);
			return 1;
		}
		stops += last == 0;
		if (ptrace(PTRACE_SYSCALL, child, NULL, NULL) != 0)
			die("ptrace");
	}
	printf("%lu\n", stops);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 2;
}
