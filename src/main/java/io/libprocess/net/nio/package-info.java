/**
 * TCP and Unix domain sockets on the JDK's selectors: the default {@link
 * io.libprocess.net.Transport}.
 *
 * <p>A {@link io.libprocess.net.nio.NioTransport} has a few {@code EventLoop}s. Each watches its
 * {@code Selectable}s through one selector: connections ({@code NioChannel}), listeners ({@code
 * Acceptor}), attempts to connect, and channels opened elsewhere ({@code ChannelPolls}). The
 * workers of the pool take turns in polling for the loops; the output of a connection waits in its
 * {@link io.libprocess.net.nio.WriteQueue}.
 *
 * <p>Threads: an endpoint belongs to the thread that polls for its loop, the only one that reads,
 * accepts, connects and closes; others leave it a task with {@code EventLoop.execute}. Bytes are
 * written by any thread at the end of its event, and a socket to which a thread is writing is
 * closed when that thread has left it.
 *
 * <p>Locks: that of a channel, then that of its write queue; both are held for a few instructions
 * and never during a call of the system or of a handler.
 *
 * <p>Who may call in: makers of a transport ({@code Node}, clients and listeners of HTTP without a
 * node) through {@code NioTransport}; {@code net.tls} and the facade of {@code net} use the buffer
 * pool and the marks of the write queue.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.net.nio;
