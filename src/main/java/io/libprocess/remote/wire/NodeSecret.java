package io.libprocess.remote.wire;

import io.libprocess.http.Request;
import io.libprocess.net.Address;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * A secret that nodes share, by which they know each other's messages: a field of each head, which
 * is a hash of the secret and the address that the message is for. So a node that is sent messages
 * learns nothing by which it could send some to others. For any thread.
 */
public final class NodeSecret {

  private static final String FIELD = "Libprocess-Secret";
  private static final String ALGORITHM = "HmacSHA256";
  private static final int MOST_KEPT = 10_000;

  private final SecretKey key;
  private final Map<Address, byte[]> lines = new ConcurrentHashMap<>();

  /**
   * Makes a secret of a text.
   *
   * @throws IllegalArgumentException if it is empty
   */
  public NodeSecret(String secret) {
    this.key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
  }

  private String value(Address to) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      byte[] hash = mac.doFinal(to.toString().getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has " + ALGORITHM, e);
    }
  }

  /** The line of a head of a message to a node; not to be changed. */
  public byte[] line(Address to) {
    byte[] line = lines.get(to);
    if (line == null) {
      line = (FIELD + ": " + value(to) + "\r\n").getBytes(StandardCharsets.US_ASCII);
      if (lines.size() < MOST_KEPT) {
        lines.put(to, line);
      }
    }
    return line;
  }

  /** Whether a request for a node comes from one that knows the secret. */
  public boolean isIn(Request request, Address self) {
    byte[] line = line(self);
    String given = request.headers().first(FIELD, "");
    byte[] shown = (FIELD + ": " + given + "\r\n").getBytes(StandardCharsets.US_ASCII);
    return MessageDigest.isEqual(line, shown); // In a time that tells nothing.
  }
}
