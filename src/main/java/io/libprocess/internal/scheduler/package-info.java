/**
 * The running of ready tasks: tasks, the run loops in which they run, the scheduler on a {@code
 * ForkJoinPool}, the leaders that poll, the watchdog over both, and the threads for blocking calls.
 *
 * <p>A {@link io.libprocess.internal.scheduler.Task} can be run any number of times; mailboxes and
 * connections are tasks ({@link io.libprocess.internal.scheduler.SerialExecutor}). A {@link
 * io.libprocess.internal.scheduler.Scheduler} runs the tasks that are ready. A {@link
 * io.libprocess.internal.scheduler.RunLoop} is the loop of one thread: it runs tasks, and after
 * each event the output is sent off. {@code ForkJoinScheduler} is the one implementation here, with
 * {@code Worker}, {@code WorkerLoop}, {@code PollingRole} (leader/followers) and {@code Watchdog};
 * another one gives its threads a run loop with {@link
 * io.libprocess.internal.scheduler.RuntimeThread}.
 *
 * <p><b>Threads.</b> This package makes those of the workers, the watchdog and the blocking calls.
 * Any thread may make a task ready; one thread at a time owns it and runs it. The watchdog takes
 * tasks from workers that do not return.
 *
 * <p><b>Locks.</b> That of a run loop's list of flushes is held for a few steps, and never while a
 * task or a flush runs. Tasks, and the role of the leader, are passed on without locks.
 *
 * <p><b>Who may call in.</b> All packages that have work to run: the actor core, connections,
 * clocks, blocking calls. Only the package {@code runtime} names the default implementation. The
 * package is not exported.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.internal.scheduler;
