package io.libprocess.net.tls;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * An engine that needs no handshake and encrypts nothing, so that it can be seen what goes through
 * it. Its close_notify is an exclamation mark, and input with a question mark is malformed. The
 * test may act, fail, or have output of its own while bytes are wrapped.
 */
final class PlainEngine extends SSLEngine {

  /** The most bytes that a record takes. */
  static final int RECORD = 1000;

  private static final String CLOSE_NOTIFY = "!";

  /** The engine's own output, each of which is a record. */
  final Queue<String> own = new ArrayDeque<>();

  /** What happens during the next calls of wrap, as if other threads did it. */
  final Queue<Runnable> meanwhile = new ArrayDeque<>();

  /** The slow parts of the handshake; there are none at first. */
  final Queue<Runnable> tasks = new ArrayDeque<>();

  int failures; // How many of the next calls of wrap fail.
  boolean stuck; // Takes and makes nothing.
  int wraps;
  private boolean outboundClosed;
  private boolean outboundDone;
  private boolean inboundDone;

  private final SSLSession session =
      (SSLSession)
          Proxy.newProxyInstance(
              PlainEngine.class.getClassLoader(),
              new Class<?>[] {SSLSession.class},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "getPacketBufferSize" -> RECORD;
                    case "getProtocol" -> "none";
                    case "getCipherSuite" -> "plain";
                    case "getPeerCertificates" -> throw new SSLPeerUnverifiedException("nobody");
                    default -> throw new UnsupportedOperationException(method.getName());
                  });

  private SSLEngineResult result(Status status, int consumed, int produced) {
    return new SSLEngineResult(status, getHandshakeStatus(), consumed, produced);
  }

  private static int put(String text, ByteBuffer to) {
    to.put(text.getBytes(StandardCharsets.US_ASCII));
    return text.length();
  }

  @Override
  public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer to)
      throws SSLException {
    wraps++;
    Runnable act = meanwhile.poll();
    if (act != null) {
      act.run();
    }
    if (failures > 0) {
      failures--;
      throw new SSLException("a test");
    }
    if (stuck) {
      return result(Status.OK, 0, 0);
    }
    if (!own.isEmpty()) {
      int made = put(own.remove(), to);
      return result(Status.OK, 0, made);
    }
    if (outboundClosed) {
      int made = outboundDone ? 0 : put(CLOSE_NOTIFY, to);
      outboundDone = true;
      return result(Status.CLOSED, 0, made);
    }
    int taken = 0;
    for (int i = offset; i < offset + length; i++) {
      while (sources[i].hasRemaining() && taken < RECORD) {
        to.put(sources[i].get());
        taken++;
      }
    }
    return result(Status.OK, taken, taken);
  }

  /** The length of the next record: a parenthesis begins one that is as long as it can be. */
  private static int record(ByteBuffer from) {
    return from.hasRemaining() && from.get(from.position()) != '(' ? 1 : RECORD;
  }

  @Override
  public SSLEngineResult unwrap(ByteBuffer from, ByteBuffer[] to, int offset, int length)
      throws SSLException {
    if (from.remaining() < record(from)) {
      return result(Status.BUFFER_UNDERFLOW, 0, 0);
    }
    if (to[offset].remaining() < RECORD) {
      return result(Status.BUFFER_OVERFLOW, 0, 0);
    }
    int taken = 0;
    while (from.hasRemaining() && !inboundDone && taken < RECORD) {
      byte next = from.get();
      taken++;
      if (next == '?') {
        throw new SSLException("malformed");
      }
      if (next == CLOSE_NOTIFY.charAt(0)) {
        inboundDone = true;
      } else {
        to[offset].put(next);
      }
    }
    return result(inboundDone ? Status.CLOSED : Status.OK, taken, taken);
  }

  @Override
  public HandshakeStatus getHandshakeStatus() {
    if (!tasks.isEmpty()) {
      return HandshakeStatus.NEED_TASK;
    }
    return own.isEmpty() ? HandshakeStatus.NOT_HANDSHAKING : HandshakeStatus.NEED_WRAP;
  }

  @Override
  public SSLSession getSession() {
    return session;
  }

  @Override
  public void closeOutbound() {
    outboundClosed = true;
  }

  @Override
  public boolean isOutboundDone() {
    return outboundDone;
  }

  @Override
  public void closeInbound() {
    inboundDone = true;
  }

  @Override
  public boolean isInboundDone() {
    return inboundDone;
  }

  @Override
  public void beginHandshake() {}

  @Override
  public Runnable getDelegatedTask() {
    Runnable task = tasks.peek();
    return task == null
        ? null
        : () -> {
          tasks.remove();
          task.run();
        };
  }

  @Override
  public String getApplicationProtocol() {
    return null;
  }

  @Override
  public boolean getUseClientMode() {
    return true;
  }

  /* ------ Settings, of which there are none ------ */

  @Override
  public String[] getSupportedCipherSuites() {
    return new String[0];
  }

  @Override
  public String[] getEnabledCipherSuites() {
    return new String[0];
  }

  @Override
  public void setEnabledCipherSuites(String[] suites) {}

  @Override
  public String[] getSupportedProtocols() {
    return new String[0];
  }

  @Override
  public String[] getEnabledProtocols() {
    return new String[0];
  }

  @Override
  public void setEnabledProtocols(String[] protocols) {}

  @Override
  public void setUseClientMode(boolean mode) {}

  @Override
  public void setNeedClientAuth(boolean need) {}

  @Override
  public boolean getNeedClientAuth() {
    return false;
  }

  @Override
  public void setWantClientAuth(boolean want) {}

  @Override
  public boolean getWantClientAuth() {
    return false;
  }

  @Override
  public void setEnableSessionCreation(boolean flag) {}

  @Override
  public boolean getEnableSessionCreation() {
    return false;
  }
}
