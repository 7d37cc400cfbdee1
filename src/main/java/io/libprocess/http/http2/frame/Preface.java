package io.libprocess.http.http2.frame;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The octets with which a client begins a connection of HTTP/2. */
public final class Preface {

  private static final byte[] OCTETS =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** How many octets there are. */
  public static final int LENGTH = OCTETS.length;

  private Preface() {}

  /** The first octets. */
  public static ByteBuffer start(int count) {
    return ByteBuffer.wrap(OCTETS, 0, count).asReadOnlyBuffer();
  }

  /** Whether an octet is the one at an index below {@link #LENGTH}. */
  public static boolean continues(int index, byte octet) {
    return OCTETS[index] == octet;
  }
}
