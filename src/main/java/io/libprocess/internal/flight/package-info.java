/**
 * Events for the JDK's flight recorder. Other packages report events to {@link
 * io.libprocess.internal.flight.Flight}, if that says that a recording runs; only the classes
 * behind it know of {@code jdk.jfr}, and they are loaded only if that module exists.
 *
 * <p><b>Threads and locks.</b> Any thread may report; none waits. Whether a recording runs is one
 * flag that the flight recorder's listener writes.
 *
 * <p><b>Who may call in.</b> All packages.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.internal.flight;
