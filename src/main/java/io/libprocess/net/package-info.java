/**
 * Addresses, and how bytes reach them: a transport connects and listens, and its channels read and
 * write without blocking, on a few event-loop threads however many connections there are.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.net;
