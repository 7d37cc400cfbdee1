/**
 * Questions to processes by message, and the replies to them. A question has its own sender, an id
 * that no process has; any message to that id is the reply. So every process can be asked that
 * replies to the sender of a message, including one of C++ libprocess, as its {@code ReqResProcess}
 * does.
 *
 * <p>{@link io.libprocess.ask.Asks} holds the questions of one node; {@link
 * io.libprocess.ask.Carrier} carries them to their receivers and reports the ends of processes.
 * {@link io.libprocess.ask.IgnoredFailures} hears of failed calls and questions at which nobody
 * looks.
 *
 * <p><b>Threads.</b> Any thread may use the package. A future is completed on the thread that
 * brings the reply, or as a separate task if the outcome becomes known where no user code may run.
 *
 * <p><b>Locks.</b> There is one, for the table of processes that are asked. While it is held, only
 * links are given up, whose lock comes second.
 *
 * <p><b>Who may call in.</b> The actor core, which carries questions and brings replies, and the
 * facade in the root package.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.ask;
