package io.libprocess.net.tls;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;
import java.util.List;

/**
 * Private keys from their three encodings in DER. The JDK reads only PKCS#8, which is little more
 * than an envelope with the name of the algorithm around either of the other two.
 */
final class PrivateKeys {

  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS", "DSA");

  private static final int INTEGER = 0x02;
  private static final int OCTETS = 0x04;
  private static final int SEQUENCE = 0x30;
  private static final int PARAMETERS = 0xA0; // The field [0] of an EC key.

  private static final byte[] VERSION_0 = HexFormat.of().parseHex("020100");
  private static final byte[] RSA = HexFormat.of().parseHex("06092a864886f70d0101010500");
  private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

  private PrivateKeys() {}

  static PrivateKey ofPkcs8(byte[] der) {
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(der);
    InvalidKeySpecException refusal = null;
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException e) {
        refusal = e; // It is of another algorithm.
      } catch (NoSuchAlgorithmException e) {
        continue; // This JDK lacks it.
      }
    }
    throw new IllegalArgumentException("no key of " + String.join(", ", ALGORITHMS), refusal);
  }

  static PrivateKey ofPkcs1(byte[] der) {
    return ofPkcs8(envelope(RSA, der));
  }

  static PrivateKey ofSec1(byte[] der) {
    ByteBuffer fields = element(ByteBuffer.wrap(der), SEQUENCE);
    element(fields, INTEGER);
    element(fields, OCTETS);
    if (!fields.hasRemaining()) {
      throw new IllegalArgumentException("it does not name its curve");
    }
    ByteBuffer curve = element(fields, PARAMETERS);
    byte[] algorithm = new byte[EC.length + curve.remaining()];
    System.arraycopy(EC, 0, algorithm, 0, EC.length);
    curve.get(algorithm, EC.length, curve.remaining());
    return ofPkcs8(envelope(algorithm, der));
  }

  private static byte[] envelope(byte[] algorithm, byte[] key) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.writeBytes(VERSION_0);
    content.writeBytes(encode(SEQUENCE, algorithm));
    content.writeBytes(encode(OCTETS, key));
    return encode(SEQUENCE, content.toByteArray());
  }

  private static byte[] encode(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    int size = content.length;
    if (size < 0x80) {
      out.write(size);
    } else {
      int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(size) + 7) / 8;
      out.write(0x80 | bytes);
      for (int i = bytes - 1; i >= 0; i--) {
        out.write(size >>> 8 * i);
      }
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  /** The content of the next element, which must have the given tag. */
  private static ByteBuffer element(ByteBuffer in, int tag) {
    try {
      if ((in.get() & 0xFF) != tag) {
        throw new IllegalArgumentException("malformed DER");
      }
      int size = in.get() & 0xFF;
      if (size >= 0x80) {
        int bytes = size & 0x7F;
        size = 0;
        for (int i = 0; i < bytes; i++) {
          size = size << 8 | in.get() & 0xFF;
        }
      }
      ByteBuffer content = in.slice(in.position(), size);
      in.position(in.position() + size);
      return content;
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("truncated DER", e);
    }
  }
}
