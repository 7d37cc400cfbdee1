package io.libprocess.http.jwt;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Base64;

/** Keys for tests of signatures, made once because that takes time. */
public final class Keys {

  public static final KeyPair RSA = pair("RSA", 2048);
  public static final KeyPair OTHER_RSA = pair("RSA", 2048);
  public static final KeyPair EC = pair("EC", 256);
  public static final KeyPair OTHER_EC = pair("EC", 256);

  private Keys() {}

  public static KeyPair pair(String algorithm, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  public static JwtKey rsaPublic(KeyPair pair) {
    return JwtKey.rs256((RSAPublicKey) pair.getPublic());
  }

  public static JwtKey rsaPrivate(KeyPair pair) {
    return JwtKey.rs256((RSAPrivateKey) pair.getPrivate());
  }

  public static JwtKey ecPublic(KeyPair pair) {
    return JwtKey.es256((ECPublicKey) pair.getPublic());
  }

  public static JwtKey ecPrivate(KeyPair pair) {
    return JwtKey.es256((ECPrivateKey) pair.getPrivate());
  }

  /** A public key on P-256 from its coordinates in Base64 for URLs. */
  public static JwtKey ecPublic(String x, String y) throws GeneralSecurityException {
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec("secp256r1"));
    ECPoint point = new ECPoint(number(x), number(y));
    return JwtKey.es256(
        (ECPublicKey)
            KeyFactory.getInstance("EC")
                .generatePublic(
                    new ECPublicKeySpec(
                        point, parameters.getParameterSpec(ECParameterSpec.class))));
  }

  private static BigInteger number(String base64) {
    return new BigInteger(1, Base64.getUrlDecoder().decode(base64));
  }
}
