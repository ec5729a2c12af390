/*
 * Times a command against a reference, one after the other in turn, so that
 * what else the machine does falls on both.
 *
 *	pair RUNS NAME REFERENCE COMMAND
 *
 * Both commands are for sh. Prints the name, the median of seconds, of
 * processor seconds and of the peak of memory, and the median of the ratios.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_RUNS = 99 };

struct cost {
	double wall, processor, memory;		/* seconds, seconds, MB */
};

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

/* Findings (1) are a result; anything worse is not. */
static struct cost
run(const char *command)
{
	struct timespec start, end;
	struct rusage usage;
	struct cost cost;
	int status, null;
	pid_t child;

	clock_gettime(CLOCK_MONOTONIC, &start);
	if ((child = fork()) == 0) {
		null = open("/dev/null", O_RDWR);
		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	if (child == -1 || wait4(child, &status, 0, &usage) == -1) {
		perror("pair");
		exit(2);
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) {
		fprintf(stderr, "pair: failed: %s\n", command);
		exit(2);
	}
	cost.wall = (double)(end.tv_sec - start.tv_sec) +
	    (double)(end.tv_nsec - start.tv_nsec) / 1e9;
	cost.processor = seconds(usage.ru_utime) + seconds(usage.ru_stime);
	cost.memory = (double)usage.ru_maxrss / 1024;
	return cost;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *values, int count)
{
	qsort(values, (size_t)count, sizeof *values, compare);
	return values[count / 2];
}

int
main(int argc, char **argv)
{
	double wall[MAX_RUNS], processor[MAX_RUNS], memory[MAX_RUNS];
	double ratio[MAX_RUNS];
	struct cost cost, reference;
	int i, runs;

	runs = argc == 5 ? atoi(argv[1]) : 0;
	if (runs < 1 || runs > MAX_RUNS) {
		fputs("usage: pair RUNS NAME REFERENCE COMMAND\n", stderr);
		return 2;
	}
	run(argv[3]);		/* fills the page cache */
	run(argv[4]);
	for (i = 0; i < runs; i++) {
		cost = run(argv[4]);
		reference = run(argv[3]);
		wall[i] = cost.wall;
		processor[i] = cost.processor;
		memory[i] = cost.memory;
		ratio[i] = cost.wall / reference.wall;
	}
	printf("  %-34s %8.3f s %8.3f s %6.0f MB %8.2f\n", argv[2],
	    median(wall, runs), median(processor, runs),
	    median(memory, runs), median(ratio, runs));
	return 0;
}
