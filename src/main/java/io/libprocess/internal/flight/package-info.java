/**
 * Events for the JDK's flight recorder. Everybody tells {@link
 * io.libprocess.internal.flight.Flight} what happens, if that says that somebody records; only the
 * classes behind it know of {@code jdk.jfr}, and they are loaded only where there is such a module.
 *
 * <p><b>Threads and locks.</b> Any thread may tell; none waits. Whether somebody records is one
 * flag that the flight recorder's listener writes.
 *
 * <p><b>Who may call in.</b> All rooms.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.internal.flight;
