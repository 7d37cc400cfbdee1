/**
 * The services on which nodes, clients and servers run, and the one place that names the default
 * implementations.
 *
 * <p>A {@link io.libprocess.runtime.Runtime} holds a scheduler, a clock, a transport and a source
 * of numbers that cannot be guessed. {@link io.libprocess.runtime.DefaultRuntime} makes one of a
 * {@code ForkJoinScheduler}, an {@code NioTransport} and the system's randomness; a simulation
 * makes its own, and passes it to the code that starts a node. {@link
 * io.libprocess.runtime.HeldConnections} keeps connections waiting for a server that is not
 * complete.
 *
 * <p><b>Threads and locks.</b> Any thread may use the package. {@code Runtime} has a lock for its
 * end, {@code HeldConnections} one for the waiting connections; under them no other code is called
 * except the parts that a runtime closes.
 *
 * <p><b>Who may call in.</b> The node, {@code HttpClient} and {@code HttpListener}.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.runtime;
