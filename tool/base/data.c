/*
 * The only file that is compiled with names of the installation: VERSION and
 * DATADIR come from the Makefile. The build folder is not among them, so that
 * two builds in two folders give the same bytes.
 */
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/data.h"

/* Kernels name the running program so; elsewhere only DATADIR serves. */
#define SELF "/proc/self/exe"

static char folder[PATH_MAX] = DATADIR;
static pthread_once_t folder_once = PTHREAD_ONCE_INIT;

const char *
data_version(void)
{
	return VERSION;
}

/* Only a folder that was configured holds a config.status. */
static bool
is_build_folder(const char *path, int length)
{
	char name[PATH_MAX];
	int n;

	n = snprintf(name, sizeof(name), "%.*s/config.status", length, path);
	return n > 0 && (size_t)n < sizeof(name) && access(name, F_OK) == 0;
}

bool
data_folder_beside(char *name, size_t size, const char *executable)
{
	const char *end = executable + strlen(executable);
	int up, length, n;

	/* The tests lie one folder below the program. */
	for (up = 0; up < 2; up++) {
		while (end > executable && *--end != '/')
			continue;
		length = (int)(end - executable);
		if (!is_build_folder(executable, length))
			continue;
		n = snprintf(name, size, "%.*s/templates", length, executable);
		return n > 0 && (size_t)n < size;
	}
	return false;
}

bool
data_folder_moved(char *name, size_t size, const char *executable)
{
	const char *end = executable + strlen(executable);
	int up, n;

	for (up = 0; up < 2; up++)
		while (end > executable && *--end != '/')
			continue;
	n = snprintf(name, size, "%.*s/share/mailzone",
	    (int)(end - executable), executable);
	return *executable == '/' && n > 0 && (size_t)n < size &&
	    access(name, F_OK) == 0;
}

static void
find_folder(void)
{
	char self[PATH_MAX], name[PATH_MAX];
	ssize_t n;

	n = readlink(SELF, self, sizeof(self) - 1);
	if (n <= 0)
		return;
	self[n] = '\0';
	if (data_folder_beside(name, sizeof(name), self) ||
	    data_folder_moved(name, sizeof(name), self))
		memcpy(folder, name, strlen(name) + 1);
}

const char *
data_folder(void)
{
	pthread_once(&folder_once, find_folder);
	return folder;
}
