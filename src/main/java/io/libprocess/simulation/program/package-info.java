/**
 * What stands for the programs of the system on a simulated host: functions by name, which a node
 * starts as it would start a child process.
 *
 * <p>{@link io.libprocess.simulation.program.ProgramTable} has the functions of a host, and is the
 * executor of its blocking calls; a {@link io.libprocess.simulation.program.SimulatedChild} is one
 * that was started.
 *
 * <p><b>Threads.</b> None; everything is for the thread that has the baton of the engine. The
 * functions and what goes through their pipes run on threads of the world that may wait.
 *
 * <p><b>Locks.</b> None.
 *
 * <p><b>Who may call in.</b> The simulation, and the subprocesses through their seam.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.simulation.program;
