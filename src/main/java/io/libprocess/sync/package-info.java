/**
 * Coordination without blocking: queues, locks, limits and one-time events whose waiting side is a
 * {@code Future}. They may be used from any thread and need no process of their own.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.sync;
