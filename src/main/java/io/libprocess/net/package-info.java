/**
 * Addresses, and how bytes reach them: a transport connects and listens, and its channels read and
 * write without blocking, on a few threads however many connections there are.
 *
 * <p>Two layers are here. The values, which the rooms {@code net.nio} and {@code net.tls} use:
 * {@link io.libprocess.net.Address}, {@link io.libprocess.net.UnixAddress}, {@link
 * io.libprocess.net.NetworkAddress}, {@link io.libprocess.net.TlsSession} and the interface {@link
 * io.libprocess.net.Transport}. Above those rooms the facade: {@link io.libprocess.net.Socket} and
 * {@link io.libprocess.net.ServerSocket}, connections as futures; {@link io.libprocess.net.Io},
 * channels of the JDK as futures; and {@link io.libprocess.net.Tls}, how connections are secured.
 *
 * <p>Threads: every method may be called from any thread and none blocks. Handlers of channels are
 * called by runtime threads, one call at a time for each channel; callbacks of futures run in turns
 * of runtime threads. Locks: a socket has one for its sends and one for its input; the channel's
 * own are taken second, and no callback runs under any of them.
 *
 * <p><b>Who may call in.</b> Users; HTTP, the room of other nodes and the node, which go by the
 * interface of transports and the values alone.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.net;
