package io.libprocess.http.auth;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** A shared secret that signs and checks. */
public final class HmacKey implements SignatureAlgorithm {

  private final String algorithm;
  private final String mac;
  private final SecretKey secret;

  public HmacKey(String algorithm, String mac, byte[] secret) {
    this.algorithm = algorithm;
    this.mac = mac;
    if (secret.length == 0) {
      throw new IllegalArgumentException("the secret for " + algorithm + " is empty");
    }
    this.secret = new SecretKeySpec(secret, mac); // This copies it.
  }

  @Override
  public String name() {
    return algorithm;
  }

  @Override
  public byte[] sign(byte[] content) throws GeneralSecurityException {
    Mac instance = Mac.getInstance(mac);
    instance.init(secret);
    return instance.doFinal(content);
  }

  /** Compares in a time that does not depend on where the signatures differ. */
  @Override
  public boolean verifies(byte[] content, byte[] signature) throws GeneralSecurityException {
    return MessageDigest.isEqual(sign(content), signature);
  }
}
