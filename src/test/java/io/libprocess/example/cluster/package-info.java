/**
 * A master and its agents, to be copied: the agents are nodes that run commands for the master, and
 * may be killed, stopped or cut off at any time.
 *
 * <p>An {@link io.libprocess.example.cluster.Agent} registers with its {@link
 * io.libprocess.example.cluster.Master} by messages, and goes on doing so. The master asks it to
 * run {@link io.libprocess.example.cluster.Work}; the answer comes when that has ended. If the
 * connection breaks, or its heartbeats are not answered, the master gives the agent up and has its
 * work done by others. An agent that was given up and comes back is told so; it kills what it runs
 * and registers anew.
 *
 * <p><b>Threads.</b> Master and agents are processes; only they use their fields, so there are no
 * locks.
 */
package io.libprocess.example.cluster;
