/**
 * The parts of an HTTP connection that do not depend on the version or the side: the work on one
 * channel, the bytes that have arrived but have not been parsed, and bodies that are passed on
 * while they arrive.
 *
 * <p><b>Threads.</b> All work on one channel is done by one thread at a time, the one that asks for
 * it first: see {@link io.libprocess.internal.scheduler.SerialExecutor}. So nothing here has a
 * lock; other threads leave their input in volatile fields and concurrent queues before they ask.
 *
 * <p><b>Locks.</b> None.
 *
 * <p><b>Who may call in.</b> The server, the client and the wires.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http.channel;
