package io.libprocess.http.auth;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;

/** One half of a key pair: the public half checks, the private half signs. */
public final class SignatureKey implements SignatureAlgorithm {

  private static final int LEAST_RSA_BITS = 2048;
  private static final int P256_BYTES = 32;
  private static final BigInteger P256_B =
      new BigInteger("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", 16);
  private static final BigInteger P256_ORDER =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

  private final String algorithm;
  private final String signature;
  private final PublicKey checks; // Null if it signs.
  private final PrivateKey signs; // Null if it checks.

  private SignatureKey(String algorithm, String signature, PublicKey checks, PrivateKey signs) {
    this.algorithm = algorithm;
    this.signature = signature;
    this.checks = checks;
    this.signs = signs;
  }

  /** Makes a key of one half; the other argument is null. */
  public static SignatureKey rs256(RSAPublicKey checks, RSAPrivateKey signs) {
    RSAKey key = checks != null ? checks : signs;
    int bits = key.getModulus().bitLength();
    if (bits < LEAST_RSA_BITS) {
      throw new IllegalArgumentException(
          "an RSA key of " + bits + " bits; RS256 needs " + LEAST_RSA_BITS);
    }
    return new SignatureKey("RS256", "SHA256withRSA", checks, signs);
  }

  /** Makes a key of one half; the other argument is null. */
  public static SignatureKey es256(ECPublicKey checks, ECPrivateKey signs) {
    ECKey key = checks != null ? checks : signs;
    boolean isP256 =
        key.getParams().getOrder().equals(P256_ORDER)
            && key.getParams().getCurve().getB().equals(P256_B)
            && key.getParams().getCurve().getField().getFieldSize() == 8 * P256_BYTES;
    if (!isP256) {
      throw new IllegalArgumentException("ES256 needs a key on the curve P-256");
    }
    return new SignatureKey("ES256", "SHA256withECDSAinP1363Format", checks, signs);
  }

  @Override
  public String name() {
    return algorithm;
  }

  @Override
  public byte[] sign(byte[] content) throws GeneralSecurityException {
    if (signs == null) {
      throw new IllegalStateException("a public key cannot sign: JwtKey " + algorithm);
    }
    Signature signer = Signature.getInstance(signature);
    signer.initSign(signs);
    signer.update(content);
    return signer.sign();
  }

  @Override
  public boolean verifies(byte[] content, byte[] given) throws GeneralSecurityException {
    if (checks == null) {
      throw new IllegalStateException("a private key cannot check: JwtKey " + algorithm);
    }
    if (checks instanceof ECPublicKey && !isInRange(given)) {
      return false;
    }
    Signature verifier = Signature.getInstance(signature);
    verifier.initVerify(checks);
    verifier.update(content);
    return verifier.verify(given);
  }

  /**
   * Whether both halves are in 1..n-1. Some JDKs accepted zeros as a valid signature for any
   * content.
   */
  private static boolean isInRange(byte[] given) {
    return given.length == 2 * P256_BYTES && isInRange(given, 0) && isInRange(given, P256_BYTES);
  }

  private static boolean isInRange(byte[] given, int from) {
    BigInteger half = new BigInteger(1, Arrays.copyOfRange(given, from, from + P256_BYTES));
    return half.signum() > 0 && half.compareTo(P256_ORDER) < 0;
  }
}
