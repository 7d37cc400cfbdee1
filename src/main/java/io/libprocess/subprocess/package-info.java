/**
 * Child processes: a {@code Command} says what to start, a {@code Subprocess} is one that was
 * started. Its output and input are pipes of bytes that never block the caller, its end is a
 * future.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.subprocess;
