/**
 * The stages of streams, and their common parts.
 *
 * <p>A pipeline is a source, any number of operators and a sink. Its description consists of
 * factories: {@link io.libprocess.stream.stage.Source}, {@link
 * io.libprocess.stream.stage.Operator}, {@link io.libprocess.stream.stage.Drain}. When it is
 * started, each factory makes a stage for this {@link io.libprocess.stream.stage.Run}, from the
 * sink upwards. Neighbours signal each other: {@link io.libprocess.stream.stage.Downstream} and
 * {@link io.libprocess.stream.stage.Upstream} specify which signals are allowed, when and on which
 * thread.
 *
 * <p><b>How to write one.</b>
 *
 * <ul>
 *   <li>A source extends {@link io.libprocess.stream.stage.Emitter}: {@code start} makes it and
 *       calls {@code begin}. Its {@code step} sends available elements while {@code claim} allows,
 *       and returns when there are none, having arranged that {@code ask} is called as soon as
 *       there are. {@code cancelUpstream} stops activities, and {@code dispose} closes resources. A
 *       resource that is closed after {@code dispose} returns holds the run ({@code run().hold()})
 *       until then ({@code release}). {@code step} may throw.
 *   <li>An operator that turns each element at once into one or none extends {@link
 *       io.libprocess.stream.stage.FusedStage}; one that has to see requests or cancels, {@link
 *       io.libprocess.stream.stage.TwoWayStage}.
 *   <li>An operator that keeps elements, waits or changes threads extends {@link
 *       io.libprocess.stream.stage.InputStage}, which stores its input for its loop; one with
 *       several inputs is an {@code Emitter} with a small {@code Downstream} for each.
 *   <li>A sink extends {@link io.libprocess.stream.stage.SinkStage}.
 *   <li>Code that drops an element releases it: {@link io.libprocess.stream.stage.Elements}.
 * </ul>
 *
 * <p>Packages above {@code stream} turn these into streams and sinks by {@code stream.access}.
 *
 * <p><b>Threads and locks.</b> The package has no threads. A stage runs on the thread that signals
 * it. {@code Run} and {@code DemandSwitch} have a lock each, under which nothing is called.
 *
 * <p><b>Who may call in.</b> The packages of streams, and those above that have their own stages,
 * such as for sockets.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.stream.stage;
