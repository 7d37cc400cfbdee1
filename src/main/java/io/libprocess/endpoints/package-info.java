/**
 * The built-in endpoints of a node, as data: an {@link io.libprocess.endpoints.Endpoint} is an id
 * with routes and their handlers, and the root package runs each in a process of one class. They
 * are ordinary routes: matched, guarded and disabled like those of users.
 *
 * <ul>
 *   <li>{@link io.libprocess.endpoints.Help}: {@code /help}, {@code /help/id} and {@code
 *       /help/id/path}, from the texts of all routes;
 *   <li>{@link io.libprocess.endpoints.MetricsSnapshot}: {@code /metrics} and {@code
 *       /metrics/snapshot}, with the {@link io.libprocess.endpoints.SnapshotRate} at which that
 *       answers;
 *   <li>{@link io.libprocess.endpoints.ProcessesPage}: {@code /__processes__};
 *   <li>{@link io.libprocess.endpoints.JsonPages}: read-only pages, such as those of {@code
 *       /debug};
 *   <li>{@link io.libprocess.endpoints.LoggingToggle}: {@code /logging/toggle}, which sets the
 *       {@link io.libprocess.endpoints.LogRaise} of the JVM;
 *   <li>{@link io.libprocess.endpoints.SystemStats}: {@code /system/stats.json}, and gauges;
 *   <li>{@link io.libprocess.endpoints.Profiler} and {@link
 *       io.libprocess.endpoints.MemoryProfiler}: recordings of a {@link
 *       io.libprocess.endpoints.Recorder}.
 * </ul>
 *
 * <p>To add one, write a class with a method that returns its {@code Endpoint}, and have the node
 * spawn it with the others. Its constructor takes what it needs of the node, as a supplier or a
 * small interface: the package knows neither nodes nor processes.
 *
 * <p><b>Threads and locks.</b> Handlers are called in the process of their endpoint, and must not
 * block. All processes tell {@code Help} of their routes; it guards its table by its own monitor,
 * under which nothing else is called. Futures that handlers return may end on any thread.
 *
 * <p><b>Who may call in.</b> The package {@code node}, which lists the endpoints of a node; the
 * root package, which runs each of them.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.endpoints;
