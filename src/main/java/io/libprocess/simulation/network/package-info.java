/**
 * The network of a simulated world: bytes between hosts, with what TCP promises and no more.
 *
 * <p>Between two hosts there is a {@link io.libprocess.simulation.network.Direction} for each
 * direction, which has a latency and a state. A {@link
 * io.libprocess.simulation.network.SimulatedTransport} is the network of one node; its channels are
 * tasks of that node's scheduler. What one end writes goes through a {@link
 * io.libprocess.simulation.network.SegmentQueue} to the other: in order, once, cut anywhere, late,
 * or not at all if the connection breaks.
 *
 * <p><b>Threads.</b> None; everything is for the thread that has the baton of the engine.
 *
 * <p><b>Locks.</b> None.
 *
 * <p><b>Who may call in.</b> The simulation.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.simulation.network;
