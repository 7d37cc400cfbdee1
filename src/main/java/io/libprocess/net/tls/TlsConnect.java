package io.libprocess.net.tls;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Transport;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * An attempt to connect with TLS. The future is completed in a separate task, because its callbacks
 * are user code.
 */
final class TlsConnect implements TlsChannel.Outcome {

  private final TlsContext tls;
  private final NetworkAddress address;
  private final Optional<String> host;
  private final Function<Transport.Channel, Transport.Handler> connected;
  private final Promise<Transport.Channel> promise = new Promise<>();

  private SSLEngine engine;

  // Used only by the polling thread.
  private Transport.Threads threads;

  TlsConnect(
      TlsContext tls,
      NetworkAddress address,
      Optional<String> host,
      Function<Transport.Channel, Transport.Handler> connected) {
    this.tls = tls;
    this.address = requireNonNull(address, "address");
    this.host = host;
    this.connected = requireNonNull(connected, "connected");
  }

  Future<Transport.Channel> begin(Transport transport) {
    try {
      engine =
          tls.engines()
              .client(
                  address,
                  host,
                  connected instanceof ProtocolPreference client ? client.protocols() : List.of());
    } catch (SSLException | RuntimeException e) {
      return Future.failed(
          TlsFailure.handshake("Failed to connect to " + address + ": TLS", e, host));
    }
    Future<Transport.Channel> dialled = transport.connect(address, this::handshake);
    dialled.onFailed(promise::fail).onDiscarded(promise::discard);
    promise.future().onDiscard(dialled::discard);
    return promise.future();
  }

  private Transport.Handler handshake(Transport.Channel raw) {
    threads = raw.threads();
    promise.future().onDiscard(raw::close); // Has no effect once it is complete.
    return new TlsChannel(raw, engine, tls, host, this).start();
  }

  @Override
  public Transport.Handler opened(Transport.Channel channel) {
    tls.handshook(true);
    Transport.Handler handler = requireNonNull(connected.apply(channel), "handler");
    complete(
        () -> {
          if (!promise.set(channel)) {
            channel.close();
          }
        });
    return handler;
  }

  @Override
  public void failed(IOException why) {
    tls.handshook(false);
    complete(
        () -> {
          if (promise.future().hasDiscard()) {
            promise.discard();
          } else {
            promise.fail(why);
          }
        });
  }

  private void complete(Runnable completion) {
    threads.run(completion);
  }
}
