package io.libprocess.net.tls;

import io.libprocess.internal.Log;
import io.libprocess.net.Transport;
import io.libprocess.time.Timer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Function;

/**
 * An accepted connection that is to speak TLS. If plain connections are accepted too, it listens
 * first for what the peer begins with, and then stands aside for what the connection turns out to
 * be. Everything happens on the polling thread.
 */
final class TlsAcceptance implements Transport.Handler, TlsChannel.Outcome {

  /** Whether a connection speaks TLS, as far as its first bytes tell. */
  enum Kind {
    TLS,
    PLAIN,
    UNKNOWN
  }

  private static final int TELLING_BYTES = 6;

  private final TlsContext tls;
  private final Transport.Channel raw;
  private final Function<Transport.Channel, Transport.Handler> accepted;
  private final TlsContext.Refusal refusal;

  private final ByteBuffer first = ByteBuffer.allocate(TELLING_BYTES);
  private Transport.Handler handler; // Null while unknown.
  private Timer timeLimit;

  TlsAcceptance(
      TlsContext tls,
      Transport.Channel raw,
      Function<Transport.Channel, Transport.Handler> accepted,
      TlsContext.Refusal refusal) {
    this.tls = tls;
    this.raw = raw;
    this.accepted = accepted;
    this.refusal = refusal;
  }

  static void logFailure(Transport.Channel raw, IOException why) {
    Log.debug(why::getMessage);
  }

  /** The handler of the raw channel. */
  Transport.Handler begin() {
    if (!tls.supportsDowngrade()) {
      return handshake();
    }
    timeLimit = tls.handshakeTimer(() -> raw.execute(this::timeOut));
    return this;
  }

  private TlsChannel handshake() {
    return new TlsChannel(raw, tls.engines().server(), tls, Optional.empty(), this).start();
  }

  @Override
  public Transport.Handler opened(Transport.Channel channel) {
    return accepted.apply(channel);
  }

  @Override
  public void failed(IOException why) {
    refusal.refused(raw, why);
  }

  /* ------ Before it is known what the peer speaks ------ */

  /** As libprocess does: SSL 2 greetings count as TLS, to be refused by it. */
  static Kind kind(ByteBuffer first) {
    int size = first.position();
    if (size == 0) {
      return Kind.UNKNOWN;
    }
    if (first.get(0) < 0) {
      return size < 3 ? Kind.UNKNOWN : first.get(2) == 1 ? Kind.TLS : Kind.PLAIN;
    }
    if (first.get(0) != 0x16 || size > 1 && first.get(1) != 3) {
      return Kind.PLAIN;
    }
    return size < 6 ? Kind.UNKNOWN : first.get(5) == 1 ? Kind.TLS : Kind.PLAIN;
  }

  @Override
  public void received(ByteBuffer bytes) {
    if (handler != null) {
      handler.received(bytes);
      return;
    }
    while (bytes.hasRemaining() && kind(first) == Kind.UNKNOWN) {
      first.put(bytes.get());
    }
    if (kind(first) != Kind.UNKNOWN) {
      become(kind(first));
      if (bytes.hasRemaining()) {
        handler.received(bytes);
      }
    }
  }

  private void become(Kind kind) {
    timeLimit.cancel();
    handler = kind == Kind.TLS ? handshake() : accepted.apply(raw);
    if (first.flip().hasRemaining()) {
      handler.received(first);
    }
  }

  private void timeOut() {
    if (handler == null) {
      refuse("it has sent nothing within " + tls.handshakeTimeout());
      raw.close();
    }
  }

  private void refuse(String reason) {
    refusal.refused(raw, new IOException("Failed to accept " + raw.remote() + ": " + reason));
  }

  @Override
  public void ended() {
    if (handler == null) {
      become(Kind.PLAIN);
    }
    handler.ended();
  }

  @Override
  public void drained() {
    if (handler != null) {
      handler.drained();
    }
  }

  @Override
  public void closed(Optional<IOException> failure) {
    timeLimit.cancel();
    if (handler != null) {
      handler.closed(failure);
    }
  }
}
