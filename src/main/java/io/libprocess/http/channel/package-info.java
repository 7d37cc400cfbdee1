/**
 * What a connection of HTTP is made of, whatever version is spoken and on whichever side: the work
 * on one channel, the bytes that have arrived and were not parsed, and the body that is passed on
 * while it arrives.
 *
 * <p><b>Threads.</b> All work on one channel is done by one thread at a time, that of whoever asks
 * for it first: see {@link io.libprocess.internal.scheduler.SerialExecutor}. So nothing here has a
 * lock; what other threads bring is noted in volatile fields and concurrent queues before they ask.
 *
 * <p><b>Locks.</b> None.
 *
 * <p><b>Who may call in.</b> The server, the client and the wires.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http.channel;
