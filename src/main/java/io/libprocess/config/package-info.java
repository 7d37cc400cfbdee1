/**
 * What a {@code Config} consists of besides numbers and texts: the limits of messages, the kind of
 * threads for blocking calls, who may open the observer, and the health of a node; and the level of
 * the log, which is that of the JVM.
 *
 * <p><b>Threads.</b> The package has none. Limits are immutable; any thread may use the others at
 * any time.
 *
 * <p><b>Locks.</b> {@code Health} guards its checks, and calls none while it holds that lock.
 *
 * <p><b>Who may call in.</b> Users, and the packages of the node.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.config;
