/**
 * The actor runtime: a {@code Node} runs processes, a {@code Process} handles one message at a
 * time, and a {@code PID} or {@code UPID} is how others reach it, in this JVM or from another node.
 * A result that comes later is a {@link io.libprocess.future.Future}; calls that block go through
 * {@code Async}.
 *
 * <p>The <a href="doc-files/guide.html">guide</a> has a chapter for each task, with programs that
 * run; <a href="doc-files/settings.html">settings and limits</a> and <a
 * href="doc-files/metrics.html">metrics</a> are pages of their own.
 *
 * <p><b>Inside.</b> There are two layers. The values, such as {@code UPID}, {@code Message} and
 * {@code Exit}, are used by the packages {@code actor} and {@code node}, which hold the actor core
 * and the other parts of a node. Above these are {@code Process} and {@code PID}, which users work
 * with, and {@code NodeStart}, which builds a node. The actor core reaches into a process by {@code
 * ProcessDoor}, and filters see its events by {@code EventViews}. {@code Config} reads its
 * variables through the package {@code settings}.
 *
 * <p><b>Threads.</b> The methods that a user overrides in a process run on a worker that owns the
 * process at that time, one event after the other. Any thread may use {@code Node}, {@code PID},
 * {@code UPID} and the values.
 *
 * <p><b>Locks.</b> There are none: see the package {@code actor}.
 *
 * <p><b>Who may call in.</b> Users, the command line and the package {@code testing}.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess;
