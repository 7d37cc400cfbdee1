package io.libprocess.net.tls;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.Future;
import io.libprocess.internal.Counted;
import io.libprocess.internal.Reason;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Transport;
import io.libprocess.net.nio.BufferPool;
import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * The state shared by connections with the same TLS settings: the source of engines, buffers and
 * limits. Thread-safe.
 */
public final class TlsContext implements Counted {

  /** Receives accepted connections that did not become channels; on the polling thread. */
  public interface Refusal {
    void refused(Transport.Channel raw, IOException why);
  }

  private static final int POOLED_BUFFERS = 32;

  /** Holds a whole read from the system after a part of a record. */
  private static final int BUFFER_SIZE = 96 * 1024;

  private final TlsEngines engines;
  private final boolean hasIdentity;
  private final Duration handshakeTimeout;
  private final boolean downgrade;
  private final CheckedConsumer<? super SSLEngine> configure;
  private final CheckedConsumer<? super SSLEngine> verify;
  private final LongAdder handshakes = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final HandshakeTasks handshakeTasks = new HandshakeTasks();
  private final BufferPool buffers = new BufferPool(POOLED_BUFFERS, BUFFER_SIZE, false);

  TlsContext(TlsSettings settings) {
    SSLContext context = settings.jdkContext();
    hasIdentity = settings.hasIdentity();
    engines = new TlsEngines(context, settings);
    handshakeTimeout = settings.handshakeTimeout;
    downgrade = settings.downgrade;
    configure = settings.configure;
    verify = settings.verify;
  }

  /** Makes a transport whose listeners and connections speak TLS on top of another one's. */
  public Transport over(Transport transport) {
    return new TlsTransport(this, requireNonNull(transport, "transport"));
  }

  /** Like {@link #accepting(Function, Refusal)}; a failed connection is only logged. */
  public Function<Transport.Channel, Transport.Handler> accepting(
      Function<Transport.Channel, Transport.Handler> accepted) {
    return accepting(accepted, TlsAcceptance::logFailure);
  }

  /**
   * Makes the function that creates the handlers of accepted channels until their handshakes have
   * succeeded.
   *
   * @param accepted makes the handler of each channel whose handshake has succeeded
   * @throws IllegalStateException if there is no certificate to present
   */
  public Function<Transport.Channel, Transport.Handler> accepting(
      Function<Transport.Channel, Transport.Handler> accepted, Refusal refused) {
    requireNonNull(accepted, "accepted");
    if (!hasIdentity) {
      throw new IllegalStateException("a server needs a certificate and its key");
    }
    return raw -> new TlsAcceptance(this, raw, accepted, refused).begin();
  }

  /**
   * Connects and does the handshake. The future fails with an {@link SSLException} if the handshake
   * does; the message names the address and the reason. A discard request gives up the attempt.
   *
   * @param host the name for which the server's certificate must be issued; if empty, the IP of the
   *     address
   * @param connected makes the handler of the channel, before the future completes
   */
  public Future<Transport.Channel> connect(
      Transport transport,
      NetworkAddress address,
      Optional<String> host,
      Function<Transport.Channel, Transport.Handler> connected) {
    return new TlsConnect(this, address, host, connected).begin(transport);
  }

  /** Whether plain connections are accepted as well, and made if a handshake fails. */
  public boolean supportsDowngrade() {
    return downgrade;
  }

  /** The time that a handshake may take. */
  public Duration handshakeTimeout() {
    return handshakeTimeout;
  }

  @Override
  public void showTo(Collector collector) {
    collector.counter("tls_handshakes", "TLS handshakes that succeeded.", handshakes::sum);
    collector.counter("tls_failures", "TLS handshakes that failed.", failures::sum);
  }

  /* ------ For the connections ------ */

  /** Counts a finished handshake. */
  void handshook(boolean succeeded) {
    (succeeded ? handshakes : failures).increment();
  }

  BufferPool buffers() {
    return buffers;
  }

  HandshakeTasks handshakeTasks() {
    return handshakeTasks;
  }

  TlsEngines engines() {
    return engines;
  }

  Timer handshakeTimer(Runnable thunk) {
    return Clock.current().timer(handshakeTimeout, thunk);
  }

  void configure(SSLEngine engine) throws IOException {
    try {
      configure.accept(engine);
    } catch (Exception e) {
      throw new SSLException("Failed to configure socket: " + Reason.of(e), e);
    }
  }

  void verify(SSLEngine engine) throws IOException {
    try {
      verify.accept(engine);
    } catch (Exception e) {
      throw new SSLException(Reason.of(e), e);
    }
  }
}
