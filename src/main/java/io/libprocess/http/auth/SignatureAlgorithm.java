package io.libprocess.http.auth;

import java.security.GeneralSecurityException;

/** Makes and checks the signatures of tokens with one key. Thread-safe. */
public interface SignatureAlgorithm {

  /** Its name in tokens, such as {@code HS256}. */
  String name();

  /**
   * Signs a content.
   *
   * @throws IllegalStateException if the key can only check
   */
  byte[] sign(byte[] content) throws GeneralSecurityException;

  /**
   * Whether a signature is that of a content.
   *
   * @throws IllegalStateException if the key can only sign
   */
  boolean verifies(byte[] content, byte[] signature) throws GeneralSecurityException;
}
