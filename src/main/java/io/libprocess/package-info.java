/**
 * The actor runtime: a {@code Node} runs processes, a {@code Process} handles one message at a
 * time, and a {@code PID} or {@code UPID} is how others reach it, in this JVM or from another node.
 * What a process does later it returns as a {@link io.libprocess.future.Future}; what must block
 * goes through {@code Async}.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess;
