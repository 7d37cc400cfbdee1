/**
 * The built-in endpoints of a node, as data: an {@link io.libprocess.endpoints.Endpoint} is an id
 * with routes and their handlers, and the root package runs each in a process of one class. They
 * are ordinary routes: matched, guarded and disabled as those of users.
 *
 * <ul>
 *   <li>{@link io.libprocess.endpoints.Help}: {@code /help}, {@code /help/id} and {@code
 *       /help/id/path}, from the texts of all routes;
 *   <li>{@link io.libprocess.endpoints.MetricsSnapshot}: {@code /metrics} and {@code
 *       /metrics/snapshot}, with the {@link io.libprocess.endpoints.SnapshotRate} at which that
 *       answers;
 *   <li>{@link io.libprocess.endpoints.ProcessesPage}: {@code /__processes__};
 *   <li>{@link io.libprocess.endpoints.JsonPages}: pages that only tell something, as {@code
 *       /debug} does;
 *   <li>{@link io.libprocess.endpoints.LoggingToggle}: {@code /logging/toggle};
 *   <li>{@link io.libprocess.endpoints.SystemStats}: {@code /system/stats.json}, and gauges;
 *   <li>{@link io.libprocess.endpoints.Profiler} and {@link
 *       io.libprocess.endpoints.MemoryProfiler}: what a {@link io.libprocess.endpoints.Recorder}
 *       has recorded.
 * </ul>
 *
 * <p>To add one, write a class with a method that gives its {@code Endpoint}, and have the node
 * spawn it beside the others. What it has to know of the node comes in by its constructor, as a
 * supplier or a small interface: the room knows neither nodes nor processes.
 *
 * <p><b>Threads and locks.</b> Handlers are called in the process of their endpoint, and must not
 * block. {@code Help} is told of routes by all processes, and guards its table by its own monitor,
 * under which nothing else is called. Futures that handlers return may end on any thread.
 *
 * <p><b>Who may call in.</b> The room {@code node}, which lists the endpoints of a node; the root
 * package, which runs each of them.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.endpoints;
