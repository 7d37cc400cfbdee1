package io.libprocess.net.tls;

import io.libprocess.future.Future;
import io.libprocess.internal.Counted;
import io.libprocess.internal.Log;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.SelectableChannel;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLException;

/** A transport that speaks TLS on top of another one. */
final class TlsTransport implements Transport, MemoryBudget.Source, Counted {

  private final TlsContext tls;
  private final Transport raw;

  TlsTransport(TlsContext tls, Transport raw) {
    this.tls = tls;
    this.raw = raw;
  }

  @Override
  public void showTo(Collector collector) {
    tls.showTo(collector);
    if (raw instanceof Counted counted) {
      counted.showTo(collector);
    }
  }

  @Override
  public Listener listen(NetworkAddress address, int backlog, Function<Channel, Handler> accepted)
      throws IOException {
    return raw.listen(address, backlog, tls.accepting(accepted));
  }

  @Override
  public Future<Channel> connect(NetworkAddress address, Function<Channel, Handler> connected) {
    Future<Channel> secured = tls.connect(raw, address, Optional.empty(), connected);
    if (!tls.supportsDowngrade()) {
      return secured;
    }
    return secured.recover(
        failed -> {
          if (failed.isFailed() && failed.failure() instanceof SSLException) {
            Log.warning("The connection to " + address + " goes on without TLS", failed.failure());
            return raw.connect(address, connected);
          }
          return failed;
        });
  }

  @Override
  public Future<Integer> poll(SelectableChannel channel, int operations) {
    return raw.poll(channel, operations);
  }

  @Override
  public Future<List<InetAddress>> resolve(String host) {
    return raw.resolve(host);
  }

  @Override
  public MemoryBudget memory() {
    return MemoryBudget.of(raw);
  }

  @Override
  public void close() {
    raw.close();
  }
}
