#include <pthread.h>
#include <stdatomic.h>

#include "base/worker.h"

enum { MAX_THREADS = 64, STEP = 16, LOCK_TRIES = 100, LOCK_PAUSE = 100 };

struct crew {
	atomic_size_t next;
	size_t jobs, step;
	void (*work)(void *, unsigned, size_t);
	void *context;
};

struct worker {
	struct crew *crew;
	unsigned number;
	pthread_t thread;
};

static void *
run(void *argument)
{
	struct worker *worker = argument;
	struct crew *crew = worker->crew;
	size_t job, end;

	while ((job = atomic_fetch_add(&crew->next, crew->step)) <
	    crew->jobs) {
		end = job + crew->step < crew->jobs ? job + crew->step :
		    crew->jobs;
		for (; job < end; job++)
			crew->work(crew->context, worker->number, job);
	}
	return NULL;
}

void
workers_run(unsigned threads, size_t jobs,
    void (*work)(void *, unsigned, size_t), void *context)
{
	struct worker workers[MAX_THREADS];
	struct crew crew = { .jobs = jobs, .work = work, .context = context };
	unsigned i, started = 1;

	if (threads > MAX_THREADS)
		threads = MAX_THREADS;
	if (threads > jobs)
		threads = (unsigned)jobs;
	if (threads == 0)
		threads = 1;
	/* Few jobs are shared one by one, many in handfuls. */
	crew.step = jobs / threads >= STEP * 4 ? STEP : 1;
	for (i = 0; i < threads; i++)
		workers[i] = (struct worker){ .crew = &crew, .number = i };
	/* Without threads to be had the first one does it all. */
	for (; started < threads; started++)
		if (pthread_create(&workers[started].thread, NULL, run,
		    &workers[started]) != 0)
			break;
	run(&workers[0]);
	for (i = 1; i < started; i++)
		pthread_join(workers[i].thread, NULL);
}

void
worker_lock(pthread_mutex_t *lock)
{
	int tries, pause;

	for (tries = 0; tries < LOCK_TRIES; tries++) {
		if (pthread_mutex_trylock(lock) == 0)
			return;
		for (pause = 0; pause < LOCK_PAUSE; pause++)
			atomic_signal_fence(memory_order_seq_cst);
	}
	pthread_mutex_lock(lock);
}
