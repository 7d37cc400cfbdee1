/**
 * What a stage of a stream is, and what all of them are made of.
 *
 * <p>A pipeline is a source, any number of operators and a sink. As long as it is only described it
 * is made of factories: {@link io.libprocess.stream.stage.Source}, {@link
 * io.libprocess.stream.stage.Operator}, {@link io.libprocess.stream.stage.Drain}. When it is
 * started each makes a stage for this {@link io.libprocess.stream.stage.Run}, from the sink
 * upwards. Neighbours signal each other: {@link io.libprocess.stream.stage.Downstream} and {@link
 * io.libprocess.stream.stage.Upstream} say what they may do, when and on which thread.
 *
 * <p><b>How to write one.</b>
 *
 * <ul>
 *   <li>A source extends {@link io.libprocess.stream.stage.Emitter}: {@code start} makes it and
 *       calls {@code begin}. Its {@code step} sends what there is while {@code claim} allows, and
 *       returns when there is nothing, having arranged that {@code ask} is called as soon as there
 *       is. {@code cancelUpstream} stops what is going on, {@code dispose} closes what is open.
 *       What is closed later than {@code dispose} returns holds the run ({@code run().hold()}),
 *       until it is ({@code release}). {@code step} may throw.
 *   <li>An operator that makes of each element one, or none, at once, extends {@link
 *       io.libprocess.stream.stage.FusedStage}.
 *   <li>An operator that keeps elements, waits or changes threads extends {@link
 *       io.libprocess.stream.stage.InputStage}, which stores what comes for its loop; one with
 *       several inputs is an {@code Emitter} with a small {@code Downstream} for each.
 *   <li>A sink extends {@link io.libprocess.stream.stage.SinkStage}.
 *   <li>Whatever drops an element releases it: {@link io.libprocess.stream.stage.Elements}.
 * </ul>
 *
 * <p>Rooms above {@code stream} turn these into streams and sinks by {@code stream.access}.
 *
 * <p><b>Threads and locks.</b> The room has no threads. A stage runs on the thread that signals it.
 * {@code Run} and {@code DemandSwitch} have a lock each, under which nothing is called.
 *
 * <p><b>Who may call in.</b> The rooms of streams, and those above that bring stages of their own,
 * such as for sockets.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.stream.stage;
