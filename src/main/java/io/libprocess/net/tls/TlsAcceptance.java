package io.libprocess.net.tls;

import io.libprocess.internal.Log;
import io.libprocess.net.Transport;
import io.libprocess.time.Timer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * An accepted connection before TLS begins. It keeps the peer's first bytes until they are a whole
 * record, and only then makes an engine, which needs many times the memory; so connections that
 * send nothing, or little, are cheap; their bytes are counted on the budget of all connections. If
 * plain connections are accepted as well, the first bytes decide. After that it only passes events
 * on to the actual handler. Everything happens on the polling thread.
 */
final class TlsAcceptance implements Transport.Handler, TlsChannel.Outcome {

  /** Whether a connection speaks TLS, as far as its first bytes show. */
  enum Kind {
    TLS,
    PLAIN,
    UNKNOWN
  }

  private static final String UNFINISHED = "TLS handshake failed: it was not finished ";

  /** What a server chooses from if it has no preference. */
  private static final List<String> HTTP = List.of("http/1.1");

  private static final int RECORD_HEADER = 5;

  /** Longer than any record; a longer one is left to the engine, which refuses it. */
  private static final int MOST_RECORD = 17 * 1024;

  private final TlsContext tls;
  private final Transport.Channel raw;
  private final Function<Transport.Channel, Transport.Handler> accepted;
  private final TlsContext.Refusal refusal;
  private final List<String> protocols;

  private final CipherInput first; // The peer's first bytes.
  private final HeldMemory memory; // For those bytes.
  private Transport.Handler handler; // Null until the first bytes suffice.
  private TlsChannel secured; // Null unless it is the handler.
  private boolean refused; // Refused at this end, which has been reported.
  private Timer timeLimit; // For everything up to the end of the handshake.

  TlsAcceptance(
      TlsContext tls,
      Transport.Channel raw,
      Function<Transport.Channel, Transport.Handler> accepted,
      TlsContext.Refusal refusal) {
    this.tls = tls;
    this.raw = raw;
    this.accepted = accepted;
    this.refusal = refusal;
    this.protocols = accepted instanceof ProtocolPreference server ? server.protocols() : HTTP;
    this.first = new CipherInput(tls.buffers());
    this.memory = new HeldMemory(raw);
  }

  static void logFailure(Transport.Channel raw, IOException why) {
    Log.debug(why::getMessage);
  }

  /** Begins, and returns the handler of the raw channel. */
  Transport.Handler begin() {
    timeLimit = tls.handshakeTimer(() -> raw.execute(this::timeOut));
    return this;
  }

  @Override
  public Transport.Handler opened(Transport.Channel channel) {
    tls.handshook(true);
    return accepted.apply(channel);
  }

  @Override
  public void failed(IOException why) {
    tls.handshook(false);
    refusal.refused(raw, why);
  }

  /* ------ Before the peer's protocol is known ------ */

  /** Decides as libprocess does: SSL 2 greetings count as TLS, which will refuse them. */
  static Kind kind(ByteBuffer first) {
    int size = first.remaining();
    if (size == 0) {
      return Kind.UNKNOWN;
    }
    int at = first.position();
    if (first.get(at) < 0) {
      return size < 3 ? Kind.UNKNOWN : first.get(at + 2) == 1 ? Kind.TLS : Kind.PLAIN;
    }
    if (first.get(at) != 0x16 || size > 1 && first.get(at + 1) != 3) {
      return Kind.PLAIN;
    }
    return size < 6 ? Kind.UNKNOWN : first.get(at + 5) == 1 ? Kind.TLS : Kind.PLAIN;
  }

  /** Whether the bytes are an incomplete record, so that an engine could only wait for more. */
  private static boolean isPartOfARecord(ByteBuffer first) {
    int at = first.position();
    if (!first.hasRemaining() || first.get(at) != 0x16) {
      return !first.hasRemaining();
    }
    if (first.remaining() < RECORD_HEADER) {
      return true;
    }
    int length = (first.get(at + 3) & 0xff) << 8 | first.get(at + 4) & 0xff;
    return length <= MOST_RECORD && first.remaining() < RECORD_HEADER + length;
  }

  @Override
  public void received(ByteBuffer bytes) {
    if (handler != null) {
      handler.received(bytes);
      return;
    }
    first.add(bytes);
    try {
      Kind kind = tls.supportsDowngrade() ? kind(first.bytes()) : Kind.TLS;
      if (kind == Kind.PLAIN || kind == Kind.TLS && !isPartOfARecord(first.bytes())) {
        become(kind);
      }
    } finally {
      first.keep();
    }
    if (!memory.holds(first.held())) {
      refuse("TLS handshake failed: " + HeldMemory.NONE_LEFT);
      refused = true;
      raw.close();
    }
  }

  private void become(Kind kind) {
    memory.close();
    if (kind == Kind.TLS) {
      secured = new TlsChannel(raw, tls.engines().server(protocols), tls, Optional.empty(), this);
      handler = secured;
      secured.start(timeLimit);
    } else {
      timeLimit.cancel();
      handler = accepted.apply(raw);
    }
    if (first.bytes().hasRemaining()) {
      handler.received(first.bytes());
    }
    first.release();
  }

  private void timeOut() {
    if (secured != null) {
      secured.timeOut();
    } else if (handler == null) {
      String limit = "within " + tls.handshakeTimeout();
      refuse(tls.supportsDowngrade() ? "it has sent nothing " + limit : UNFINISHED + limit);
      refused = true;
      raw.close();
    }
  }

  private void refuse(String reason) {
    tls.handshook(false);
    refusal.refused(raw, new IOException("Failed to accept " + raw.remote() + ": " + reason));
  }

  @Override
  public void ended() {
    if (handler == null) {
      boolean speaksTls = !tls.supportsDowngrade() || kind(first.bytes()) == Kind.TLS;
      become(speaksTls ? Kind.TLS : Kind.PLAIN);
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
  public void outputEnded() {
    if (handler != null) {
      handler.outputEnded();
    }
  }

  @Override
  public boolean isExpendable() {
    return handler == null || handler.isExpendable();
  }

  @Override
  public void closed(Optional<IOException> failure) {
    timeLimit.cancel();
    first.release();
    memory.close();
    if (handler != null) {
      handler.closed(failure);
    } else if (!tls.supportsDowngrade() && !refused) {
      refuse("TLS handshake failed: the connection was closed during it");
    }
  }
}
