/**
 * The actor runtime: a {@code Node} runs processes, a {@code Process} handles one message at a
 * time, and a {@code PID} or {@code UPID} is how others reach it, in this JVM or from another node.
 * What a process does later it returns as a {@link io.libprocess.future.Future}; what must block
 * goes through {@code Async}.
 *
 * <p><b>Inside.</b> There are two layers. The values, such as {@code UPID}, {@code Message} and
 * {@code Exit}, are used by the rooms {@code actor} and {@code node}, which hold the actor core and
 * the other parts of a node. Above these are {@code Process}, {@code PID} and what users do with
 * them, and {@code NodeStart}, which builds a node. {@code ProcessDoor} is what the actor core sees
 * of a process, {@code EventViews} what filters see of its events. {@code Config} reads its
 * variables through the room of settings.
 *
 * <p><b>Threads.</b> Whatever a user overrides in a process runs on a worker that owns the process
 * at that time, one event after the other. {@code Node}, {@code PID}, {@code UPID} and the values
 * are for any thread.
 *
 * <p><b>Locks.</b> There are none: see the room {@code actor}.
 *
 * <p><b>Who may call in.</b> Users, the command line and the room for tests.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess;
