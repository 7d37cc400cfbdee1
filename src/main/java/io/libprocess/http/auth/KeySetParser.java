package io.libprocess.http.auth;

import io.libprocess.internal.json.Json;
import io.libprocess.internal.json.JsonLimits;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EllipticCurve;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads sets of public keys (RFC 7517, RFC 7518). For any thread. */
public final class KeySetParser {

  private static final int LONGEST = 1 << 20;
  private static final int MOST_KEYS = 1000;

  private KeySetParser() {}

  /**
   * The public keys of RSA and P-256 for signatures, with their ids.
   *
   * @throws IllegalArgumentException if it is no key set, or a key is malformed
   */
  public static List<Map.Entry<Optional<String>, PublicKey>> parse(String json) {
    Object parsed = Json.parse(json, JsonLimits.ofSize(LONGEST));
    if (!(parsed instanceof Map<?, ?> set) || !(set.get("keys") instanceof List<?> listed)) {
      throw new IllegalArgumentException("not a key set: an object with a list of keys is due");
    }
    if (listed.size() > MOST_KEYS) {
      throw new IllegalArgumentException("a key set of over " + MOST_KEYS + " keys");
    }
    List<Map.Entry<Optional<String>, PublicKey>> keys = new ArrayList<>();
    for (Object element : listed) {
      if (!(element instanceof Map<?, ?> key)) {
        throw new IllegalArgumentException("not a key set: a key is no object");
      }
      if (isForSignatures(key)) {
        Optional<String> id = text(key, "kid");
        key(key).ifPresent(found -> keys.add(Map.entry(id, found)));
      }
    }
    return keys;
  }

  private static boolean isForSignatures(Map<?, ?> key) {
    return text(key, "use").filter(use -> !use.equals("sig")).isEmpty()
        && text(key, "alg")
            .filter(algorithm -> !algorithm.equals("RS256") && !algorithm.equals("ES256"))
            .isEmpty();
  }

  private static Optional<PublicKey> key(Map<?, ?> key) {
    String kind = text(key, "kty").orElse("");
    try {
      if (kind.equals("RSA")) {
        return Optional.of(
            KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(number(key, "n"), number(key, "e"))));
      }
      if (kind.equals("EC") && text(key, "crv").filter("P-256"::equals).isPresent()) {
        ECPoint point = new ECPoint(number(key, "x"), number(key, "y"));
        checkIsOnCurve(point, p256());
        return Optional.of(
            KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, p256())));
      }
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("a malformed key in a key set: " + e.getMessage(), e);
    }
  }

  /** The JDK takes any two numbers for a point. */
  private static void checkIsOnCurve(ECPoint point, ECParameterSpec spec) {
    EllipticCurve curve = spec.getCurve();
    BigInteger p = ((ECFieldFp) curve.getField()).getP();
    BigInteger x = point.getAffineX();
    BigInteger y = point.getAffineY();
    BigInteger right = x.pow(3).add(curve.getA().multiply(x)).add(curve.getB()).mod(p);
    boolean inRange = x.compareTo(p) < 0 && y.compareTo(p) < 0;
    if (!inRange || !y.pow(2).mod(p).equals(right)) {
      throw new IllegalArgumentException("a key in a key set is no point of the curve P-256");
    }
  }

  private static ECParameterSpec p256() throws GeneralSecurityException {
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec("secp256r1"));
    return parameters.getParameterSpec(ECParameterSpec.class);
  }

  private static Optional<String> text(Map<?, ?> key, String name) {
    return key.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  private static BigInteger number(Map<?, ?> key, String name) {
    String text = text(key, name).orElse("");
    byte[] bytes = Base64.getUrlDecoder().decode(text);
    if (bytes.length == 0) {
      throw new IllegalArgumentException("a key in a key set has no '" + name + "'");
    }
    return new BigInteger(1, bytes);
  }
}
