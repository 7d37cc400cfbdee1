/**
 * The machinery under the rooms, exported to nobody: tasks, the scheduler that runs them on worker
 * threads in bounded turns, and what watches over the workers.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.internal;
