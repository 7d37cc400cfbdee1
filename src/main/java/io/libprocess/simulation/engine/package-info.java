/**
 * The run loop of a simulated world: which step is next, what time it is, and what is drawn from
 * the seed.
 *
 * <p>A {@link io.libprocess.simulation.engine.Engine} has a queue of steps that are ready ({@link
 * io.libprocess.simulation.engine.ReadyQueue}, one class for each policy) and an {@link
 * io.libprocess.simulation.engine.Agenda} of what happens later. A {@link
 * io.libprocess.simulation.engine.Machine} is a host between two of its crashes: it has a clock and
 * runs the tasks of its nodes. What has happened goes into a {@link
 * io.libprocess.simulation.engine.StepTrace} and its hash.
 *
 * <p><b>Threads.</b> One {@link io.libprocess.simulation.engine.SimulationThread} for each run.
 * Blocking calls have {@link io.libprocess.simulation.engine.Helper} threads of their own, of which
 * one at most runs at a time, while the thread of the run waits: the baton goes from one to the
 * other and back. Every entry checks that the caller has it.
 *
 * <p><b>Locks.</b> None but the semaphores by which the baton is handed over.
 *
 * <p><b>Who may call in.</b> The simulation and its network.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.simulation.engine;
