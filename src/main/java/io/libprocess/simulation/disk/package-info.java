/**
 * The disk of a simulated host: a file system in memory, for {@link java.nio.file.Files} and {@link
 * java.nio.channels.FileChannel}, on which what is not forced may be gone after a crash.
 *
 * <p>A {@link io.libprocess.simulation.disk.Disk} keeps two states: what programs see, and what is
 * durable. {@code Content} has both for the bytes of a file, {@code NameTable} for names; the
 * changes of names that are not durable yet are a list in the order in which they were made. The
 * other classes are what the JDK asks of a file system.
 *
 * <p><b>Threads.</b> The thread with the baton of the world; every entry checks that.
 *
 * <p><b>Locks.</b> None.
 *
 * <p><b>Who may call in.</b> Hosts of a simulation; programs of a world through {@code
 * java.nio.file}.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.simulation.disk;
