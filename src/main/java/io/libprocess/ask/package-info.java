/**
 * Questions to processes by message, and the replies to them. A question has a sender of its own,
 * an id that no process has; whatever message comes for that id is the reply. So anybody can be
 * asked who answers messages to their sender, also a process of C++ libprocess, as its {@code
 * ReqResProcess} does.
 *
 * <p>{@link io.libprocess.ask.Asks} are those of one node; {@link io.libprocess.ask.Carrier} brings
 * the questions to others and tells of ends.
 *
 * <p><b>Threads.</b> All of it is for any thread. A future is completed on the thread that brings
 * the reply, or as a task of its own if what happens is noticed where no code of users may run.
 *
 * <p><b>Locks.</b> One, of the table of who is asked. Under it only links are given up, whose lock
 * comes second.
 *
 * <p><b>Who may call in.</b> The actor core, which carries questions and brings replies, and the
 * facade.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.ask;
