/**
 * The one implementation of collecting chunks up to a number of bytes: bodies of requests and
 * responses, of messages, and the output of children.
 *
 * <p><b>Threads.</b> A collector belongs to one loop, whose steps follow each other.
 *
 * <p><b>Locks.</b> None.
 *
 * <p><b>Who may call in.</b> Every package above; it is not exported, because users have {@code
 * buffered} and {@code capture}.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.stream.collect;
