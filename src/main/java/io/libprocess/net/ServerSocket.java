package io.libprocess.net;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.sync.Queue;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A listening socket, over IP, a Unix domain socket, or TLS on either. All methods may be called
 * from any thread and none blocks.
 */
public final class ServerSocket implements AutoCloseable {

  private static final String CLOSED = "Socket destroyed while accepting";

  private final Transport.Listener listener;
  private final Queue<Future<Socket>> ready;
  // A lower bound of the pending accepts.
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile boolean closed;

  private ServerSocket(Transport transport, NetworkAddress address, int backlog, Tls tls)
      throws IOException {
    ready = new Queue<>(backlog);
    listener =
        transport.listen(
            address,
            backlog,
            tls == null ? this::accepted : tls.context().accepting(this::accepted, this::refused));
    listener.closed().onReady(done -> end());
  }

  /**
   * Binds and listens.
   *
   * @param transport the transport, for instance a node's; the socket closes with it
   * @param address the address; port 0 picks a free port
   * @param backlog how many connections may wait for {@link #accept}; more are closed
   * @throws IOException if the address cannot be bound; the message names the address
   */
  public static ServerSocket listen(Transport transport, NetworkAddress address, int backlog)
      throws IOException {
    return new ServerSocket(requireNonNull(transport, "transport"), address, backlog, null);
  }

  /**
   * Binds and listens for connections that speak TLS.
   *
   * @throws IOException if the address cannot be bound; the message names the address
   * @throws IllegalStateException if there is no certificate to present
   */
  public static ServerSocket listen(
      Transport transport, NetworkAddress address, int backlog, Tls tls) throws IOException {
    requireNonNull(transport, "transport");
    return new ServerSocket(transport, address, backlog, requireNonNull(tls, "tls"));
  }

  /** The bound address, with the assigned port if port 0 was given. */
  public NetworkAddress address() {
    return listener.address();
  }

  /**
   * Accepts the next connection. With TLS, connections come in the order in which their handshakes
   * succeed, and a failed handshake makes one accept fail; the caller should go on accepting. A
   * discard request withdraws a waiting accept.
   */
  public Future<Socket> accept() {
    if (closed) {
      return Future.failed(new IOException(CLOSED));
    }
    waiting.incrementAndGet();
    Future<Future<Socket>> next = ready.get();
    next.onAny(done -> waiting.decrementAndGet());
    if (closed) {
      failWaiting();
    }
    return next.then(accepted -> accepted);
  }

  private Transport.Handler accepted(Transport.Channel channel) {
    Socket socket = Socket.on(channel);
    add(channel.threads(), Future.of(socket));
    return socket.handler();
  }

  private void refused(Transport.Channel raw, IOException why) {
    add(raw.threads(), Future.failed(why));
  }

  /** Adds an accepted socket in a separate task, because callbacks of accept are user code. */
  private void add(Transport.Threads threads, Future<Socket> accepted) {
    threads.run(
        () -> {
          if (!ready.offer(accepted)) {
            accepted.onReady(Socket::close);
          } else if (closed) {
            failWaiting();
          }
        });
  }

  /**
   * Stops accepting, and closes the connections that have not been accepted. Waiting accepts fail.
   * Accepted sockets stay open. Idempotent.
   */
  @Override
  public void close() {
    closed = true;
    listener.close();
    failWaiting();
  }

  /** The transport may have been closed. */
  private void end() {
    closed = true;
    failWaiting();
  }

  private void failWaiting() {
    for (int i = waiting.get(); i > 0; i--) {
      ready.offer(Future.failed(new IOException(CLOSED)));
    }
    for (Optional<Future<Socket>> left = ready.poll(); left.isPresent(); left = ready.poll()) {
      left.get().onReady(Socket::close);
    }
  }

  @Override
  public String toString() {
    return "ServerSocket " + address();
  }
}
