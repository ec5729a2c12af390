/*
 * Stands in for libFuzzer: gives every seed to the target once. Arguments are
 * files, or folders of them.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static unsigned long seeds;

static void
fail(const char *path)
{
	perror(path);
	exit(2);
}

/* A buffer of just the right size, so that sanitizers see a byte too far. */
static void
replay_file(const char *path, size_t size)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes = malloc(size > 0 ? size : 1);

	if (file == NULL || bytes == NULL ||
	    fread(bytes, 1, size, file) != size)
		fail(path);
	fclose(file);
	LLVMFuzzerTestOneInput(bytes, size);
	free(bytes);
	seeds++;
}

static void
replay(const char *path)
{
	struct dirent *entry;
	struct stat status;
	char below[4096];
	DIR *folder;

	if (stat(path, &status) == -1)
		fail(path);
	if (S_ISREG(status.st_mode))
		replay_file(path, (size_t)status.st_size);
	if (!S_ISDIR(status.st_mode))
		return;
	if ((folder = opendir(path)) == NULL)
		fail(path);
	while ((entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
		replay(below);
	}
	closedir(folder);
}

int
main(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		replay(argv[i]);
	printf("%lu seeds\n", seeds);
	return seeds == 0;
}
