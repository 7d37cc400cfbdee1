/**
 * Values that belong to a request while it is worked on, such as its deadline and its trace, and
 * that follow the work without being passed by hand: a {@link io.libprocess.context.Context}, an
 * immutable map from typed {@link io.libprocess.context.ContextKey}s that is current on a thread.
 *
 * <p><b>Propagation follows control, not data.</b> A function runs in the context in which it was
 * registered, whoever makes it run: a callback of a future, what a process is sent, a timer, a
 * blocking call, the functions of a stream (those of where it was started). So two requests that
 * share a future keep their own contexts. What nobody has registered in a context runs in none, and
 * so do the life cycle of a process ({@code initialize}, {@code exited}, {@code finish}) and the
 * library's own work. Functions that are given to other libraries are to be bound by hand: {@link
 * io.libprocess.context.Context#bind}.
 *
 * <p><b>Cost.</b> In an empty context nothing is captured and nothing is allocated; otherwise one
 * small object for each function that is registered.
 *
 * <p><b>Between processes of the system</b> go the values of {@linkplain
 * io.libprocess.context.ContextKey#broadcast broadcast} keys, with HTTP requests and with messages;
 * other values stay here.
 *
 * <p><b>Threads.</b> The room has none; its values are immutable. What is current is kept for each
 * thread ({@code internal.ContextSlot}).
 *
 * <p><b>Locks.</b> None; the table of broadcast keys is a concurrent map.
 *
 * <p><b>Who may call in.</b> Users and all rooms above.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.context;
