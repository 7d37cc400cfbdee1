/**
 * Reads the constant pools of class files, to find the calls in them that no seed decides.
 *
 * <p><b>Threads.</b> None; a pool belongs to whoever has read it.
 *
 * <p><b>Locks.</b> None.
 *
 * <p><b>Who may call in.</b> The simulation.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.simulation.audit;
