#include "support.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static char *
join(const char *folder, const char *name)
{
	size_t size = strlen(folder) + strlen(name) + 2;
	char *path = malloc(size);

	assert_non_null(path);
	snprintf(path, size, "%s/%s", folder, name);
	return path;
}

char *
scratch_make(void)
{
	const char *top = getenv("TMPDIR");
	char *scratch = join(top != NULL ? top : "/tmp", "mailzone-XXXXXX");

	assert_non_null(mkdtemp(scratch));
	return scratch;
}

void
scratch_folder(const char *scratch, const char *name)
{
	char *path = join(scratch, name);

	assert_int_equal(mkdir(path, 0777), 0);
	free(path);
}

char *
scratch_write(const char *scratch, const char *name, const char *text)
{
	char *path = join(scratch, name);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	return path;
}

void
scratch_remove(char *scratch)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		execlp("rm", "rm", "-rf", "--", scratch, (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	free(scratch);
}
