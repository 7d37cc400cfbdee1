/**
 * The commands of the executable jar. They use the library as any program would, and are not
 * exported.
 *
 * <p><b>Threads.</b> A command runs on the main thread and waits there for its operations; {@code
 * serve} has a shutdown hook that closes its node. The demonstration processes run on the workers
 * of their node.
 *
 * <p><b>Locks.</b> None.
 *
 * <p><b>Who may call in.</b> The JVM, by {@code io.libprocess.cli.Main}.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.cli;
