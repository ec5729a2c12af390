/* --dns: whom to ask. */
#include "base/arena.h"
#include "command/command.h"
#include "net/net.h"

struct resolver *
run_open_dns(struct run *run)
{
	struct str *addresses = ARENA_ARRAY(run->arena, run->given_count + 1,
	    struct str), address, bad;
	size_t count = 0, position = 0;

	if (run->resolver != NULL)
		return run->resolver;
	while ((address = option_next(run, "dns", &position)).p != NULL)
		if (address.n > 0)
			addresses[count++] = address;
	run->resolver = resolver_new(run->arena, addresses, count,
	    run->today, &bad);
	if (run->resolver == NULL)
		run_usage(run, "--dns takes an address, as in @192.0.2.53 or "
		    "@[2001:db8::53]:5353, not \"%.*s\"", STR_ARG(bad));
	return run->resolver;
}

bool
run_use_dns(struct run *run)
{
	if (!option_given(run, "dns"))
		return true;
	if (run_open_dns(run) == NULL)
		return false;
	run->zones.dns = resolver_source(run->resolver);
	return true;
}

bool
run_dns_answered(struct run *run)
{
	struct str why = run->zones.dns == NULL ? STR_NONE :
	    resolver_trouble(run->resolver);

	if (why.p == NULL)
		return true;
	run_fail(run, STR("--dns"), "%.*s", STR_ARG(why));
	return false;
}
