package io.libprocess.http.jwt;

import static java.util.Objects.requireNonNull;

import io.libprocess.http.auth.HmacKey;
import io.libprocess.http.auth.SignatureAlgorithm;
import io.libprocess.http.auth.SignatureKey;
import io.libprocess.net.tls.Pem;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;

/**
 * A key that makes and checks the signatures of {@link Jwt tokens}. It belongs to one algorithm:
 * the algorithm that a token names is not used to choose one, but must match. Thread-safe.
 *
 * <p>Tokens without a signature need no key: see {@link Jwt#parseUnsecured}.
 */
public final class JwtKey {

  private final SignatureAlgorithm key;
  private final Optional<String> id;

  private JwtKey(SignatureAlgorithm key) {
    this(key, Optional.empty());
  }

  private JwtKey(SignatureAlgorithm key, Optional<String> id) {
    this.key = key;
    this.id = id;
  }

  /**
   * The key of a PEM text: of {@code PRIVATE KEY}, {@code RSA PRIVATE KEY} or {@code EC PRIVATE
   * KEY}, which makes signatures, or else of {@code PUBLIC KEY} or {@code CERTIFICATE}, which
   * checks them; RS256 for RSA, and ES256 for the curve P-256.
   *
   * @throws IllegalArgumentException if there is no such key, or it is too short or encrypted
   */
  public static JwtKey pem(String text) {
    Pem pem = Pem.of(text);
    Key key = pem.hasKey() ? pem.key() : pem.publicKey();
    if (key instanceof RSAPrivateKey secret) {
      return rs256(secret);
    }
    if (key instanceof RSAPublicKey known) {
      return rs256(known);
    }
    if (key instanceof ECPrivateKey secret) {
      return es256(secret);
    }
    if (key instanceof ECPublicKey known) {
      return es256(known);
    }
    throw new IllegalArgumentException("not a key of RSA or EC: " + key.getAlgorithm());
  }

  /** This key with an id, which the tokens that it signs name, as {@code kid}. */
  public JwtKey withId(String id) {
    return new JwtKey(key, Optional.of(id));
  }

  /** The id, if it has one. */
  public Optional<String> id() {
    return id;
  }

  /**
   * A secret for HS256, shared by the makers and the checkers of tokens.
   *
   * @param secret should be at least 32 random bytes: short ones can be guessed from one token
   * @throws IllegalArgumentException if it is empty
   */
  public static JwtKey hs256(byte[] secret) {
    return new JwtKey(new HmacKey("HS256", "HmacSHA256", secret));
  }

  /** Like {@link #hs256(byte[])}, with the UTF-8 bytes of a text. */
  public static JwtKey hs256(String secret) {
    return hs256(secret.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A shared secret for HS384.
   *
   * @param secret should be at least 48 random bytes
   * @throws IllegalArgumentException if it is empty
   */
  public static JwtKey hs384(byte[] secret) {
    return new JwtKey(new HmacKey("HS384", "HmacSHA384", secret));
  }

  /**
   * A shared secret for HS512.
   *
   * @param secret should be at least 64 random bytes
   * @throws IllegalArgumentException if it is empty
   */
  public static JwtKey hs512(byte[] secret) {
    return new JwtKey(new HmacKey("HS512", "HmacSHA512", secret));
  }

  /**
   * A key that checks RS256 signatures.
   *
   * @throws IllegalArgumentException if the key is shorter than 2048 bits
   */
  public static JwtKey rs256(RSAPublicKey key) {
    return new JwtKey(SignatureKey.rs256(requireNonNull(key, "key"), null));
  }

  /**
   * A key that makes RS256 signatures.
   *
   * @throws IllegalArgumentException if the key is shorter than 2048 bits
   */
  public static JwtKey rs256(RSAPrivateKey key) {
    return new JwtKey(SignatureKey.rs256(null, requireNonNull(key, "key")));
  }

  /**
   * A key that checks ES256 signatures.
   *
   * @throws IllegalArgumentException if the key is not on the curve P-256
   */
  public static JwtKey es256(ECPublicKey key) {
    return new JwtKey(SignatureKey.es256(requireNonNull(key, "key"), null));
  }

  /**
   * A key that makes ES256 signatures.
   *
   * @throws IllegalArgumentException if the key is not on the curve P-256
   */
  public static JwtKey es256(ECPrivateKey key) {
    return new JwtKey(SignatureKey.es256(null, requireNonNull(key, "key")));
  }

  /** The name of the algorithm, such as {@code HS256}. */
  public String algorithm() {
    return key.name();
  }

  byte[] signature(String content) {
    try {
      return key.sign(content.getBytes(StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot sign with " + this, e);
    }
  }

  boolean isSignature(String content, byte[] signature) {
    try {
      return key.verifies(content.getBytes(StandardCharsets.US_ASCII), signature);
    } catch (GeneralSecurityException e) {
      return false; // The length or form is not that of a signature.
    }
  }

  /** The algorithm, without the key. */
  @Override
  public String toString() {
    return "JwtKey " + algorithm();
  }
}
