/**
 * Who runs a ready task: tasks, the run loops in which they run, the scheduler on a {@code
 * ForkJoinPool}, the leaders that poll, what watches over both, and the threads for blocking calls.
 *
 * <p>A {@link io.libprocess.internal.scheduler.Task} is something that is run over and over, such
 * as a mailbox or a connection ({@link io.libprocess.internal.scheduler.SerialExecutor}). A {@link
 * io.libprocess.internal.scheduler.Scheduler} runs the tasks that are ready. A {@link
 * io.libprocess.internal.scheduler.RunLoop} is what one thread does: tasks, and after each event
 * what was written is sent off. {@code ForkJoinScheduler} is the one implementation here, with
 * {@code Worker}, {@code WorkerLoop}, {@code PollingRole} (leader/followers) and {@code Watchdog};
 * another one gives its threads a run loop with {@link
 * io.libprocess.internal.scheduler.RuntimeThread}.
 *
 * <p><b>Threads.</b> This room makes those of the workers, the watchdog and the blocking calls. Any
 * thread may make a task ready; one thread at a time owns it and runs it. The watchdog takes tasks
 * from workers that do not come back.
 *
 * <p><b>Locks.</b> That of a run loop's list of flushes is held for a few steps, and never while a
 * task or a flush runs. Tasks, and the role of the leader, are passed on without locks.
 *
 * <p><b>Who may call in.</b> All rooms that have something to run: the actor core, connections,
 * clocks, blocking calls. Only the room {@code runtime} names the default implementation. It is
 * exported to nobody.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.internal.scheduler;
