/*
 * mailzone: records for mail authentication, made and judged.
 */
#include <stdio.h>

#include "base/data.h"

int
main(void)
{
	printf("mailzone %s\n", data_version());
	return 0;
}
