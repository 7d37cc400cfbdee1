/**
 * Addresses and transports: a transport connects and listens, and its channels read and write
 * without blocking, on a few threads however many connections there are.
 *
 * <p>There are two layers. The values, which the packages {@code net.nio} and {@code net.tls} use,
 * are {@link io.libprocess.net.Address}, {@link io.libprocess.net.UnixAddress}, {@link
 * io.libprocess.net.NetworkAddress}, {@link io.libprocess.net.TlsSession} and the interface {@link
 * io.libprocess.net.Transport}. The facade above those packages is {@link io.libprocess.net.Socket}
 * and {@link io.libprocess.net.ServerSocket}, which give connections an interface of futures;
 * {@link io.libprocess.net.Io}, which does so for channels of the JDK; and {@link
 * io.libprocess.net.Tls}, the settings of TLS.
 *
 * <p>Threads: every method may be called from any thread and none blocks. Handlers of channels are
 * called by runtime threads, one call at a time for each channel; callbacks of futures run on
 * runtime threads, in tasks of their own. Locks: a socket has one for its sends and one for its
 * input; the channel's own are taken second, and no callback runs under any of them.
 *
 * <p><b>Who may call in.</b> Users; HTTP, the package {@code remote} and the node, which use only
 * the interface of transports and the values.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.net;
