/**
 * Whole clusters in one JVM, one step at a time, from one 64-bit seed: the same seed and the same
 * code make the same run, to the last event.
 *
 * <p>{@link io.libprocess.simulation.Simulation} runs a function that makes hosts, sets faults,
 * states properties and lets time pass, all through a {@link io.libprocess.simulation.World}.
 * Everything on a {@link io.libprocess.simulation.Host} is real code on a {@link
 * io.libprocess.Node}; only its threads, its time, its network and its random numbers are
 * simulated. It is for finding faults of protocols between processes and nodes. It finds no data
 * races: a run is sequentially consistent.
 *
 * <p><b>Rules for code in a world.</b> Time comes from the {@link io.libprocess.time.Clock} of the
 * node, randomness from {@link io.libprocess.Node#random}, threads only from {@link
 * io.libprocess.Async}. Files are on {@link io.libprocess.simulation.Host#disk} only, and there is
 * no other input or output. Nothing depends on the iteration order of hashed collections whose keys
 * are hashed by identity (objects, enums, classes) nor of {@code Set.of}, {@code Map.of} and their
 * like, nor on identity hash codes. There are no mutable statics: hosts share the JVM, and a crash
 * does not reset them. {@link io.libprocess.simulation.Simulation#audit} looks for what breaks the
 * rules.
 *
 * <p><b>Threads.</b> A run has a thread of its own, {@code libprocess-simulation}; whoever starts
 * it waits. What a world is given to call runs on that thread, or on a helper of it while that
 * thread waits.
 *
 * <p><b>Locks.</b> None.
 *
 * <p><b>Who may call in.</b> Tests. Nothing in the library uses it.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.simulation;
