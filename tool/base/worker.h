/*
 * Threads that share a list of jobs.
 */
#ifndef BASE_WORKER_H
#define BASE_WORKER_H

#include <pthread.h>
#include <stddef.h>

/*
 * Calls work for each job 0 to jobs - 1, on up to so many threads; worker is
 * the number of the thread, below threads. Returns when all is done. Which
 * thread gets which job is not determined, so results must not depend on it.
 */
void workers_run(unsigned threads, size_t jobs,
    void (*work)(void *context, unsigned worker, size_t job), void *context);

/*
 * Takes a lock that others have for a moment only: to try again costs far less
 * than to sleep and be woken, unless it takes long after all.
 */
void worker_lock(pthread_mutex_t *);

#endif
