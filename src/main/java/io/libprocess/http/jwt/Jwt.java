package io.libprocess.http.jwt;

import static java.util.Objects.requireNonNull;

import io.libprocess.internal.json.Json;
import io.libprocess.internal.json.JsonException;
import io.libprocess.internal.json.JsonLimits;
import io.libprocess.internal.json.JsonNumber;
import io.libprocess.internal.json.JsonWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A JSON web token (RFC 7519): claims with a signature, by which the holder of the key knows that
 * they are genuine. Immutable.
 *
 * <p>Reading is strict. The key determines the algorithm; only {@link #parseUnsecured} reads
 * unsigned tokens; a header with {@code crit} is refused because nothing critical is understood
 * here; only the canonical form of Base64 is accepted; a member that occurs twice is an error. No
 * claim is looked at before the signature has been verified.
 */
public final class Jwt {

  private static final int MOST_CHARACTERS = 16_384;
  private static final String NONE = "none";

  private final String header; // JSON, like the payload.
  private final String payload;
  private final String signature; // In Base64.
  private final Map<String, String> claims;

  private Jwt(String header, String payload, Map<?, ?> claims, String signature) {
    this.header = header;
    this.payload = payload;
    this.signature = signature;
    Map<String, String> texts = new LinkedHashMap<>();
    claims.forEach(
        (name, value) ->
            texts.put((String) name, value instanceof String text ? text : Json.text(value)));
    this.claims = Collections.unmodifiableMap(texts);
  }

  /* ------ Making tokens ------ */

  /**
   * Makes a signed token.
   *
   * @param claims the claims: each value is a {@code String}, {@code Boolean}, number, or a {@code
   *     List} or {@code Map} of these; {@code exp} and {@code nbf} are seconds since 1970
   * @throws IllegalArgumentException if a claim has no JSON form, or is too large or too deep
   * @throws IllegalStateException if the key can only check signatures
   */
  public static Jwt create(Map<String, ?> claims, JwtKey key) {
    String header = header(key.algorithm(), key.id());
    String payload = Json.text(new TreeMap<>(claims));
    return made(header, payload, encode(key.signature(content(header, payload))));
  }

  /**
   * Makes an unsigned token, with the algorithm {@code none}, which anybody could have made.
   *
   * @throws IllegalArgumentException if a claim has no JSON form, or is too large or too deep
   */
  public static Jwt createUnsecured(Map<String, ?> claims) {
    return made(header(NONE, Optional.empty()), Json.text(new TreeMap<>(claims)), "");
  }

  private static Jwt made(String header, String payload, String signature) {
    try {
      Jwt made = new Jwt(header, payload, object(payload, "payload"), signature);
      split(made.token());
      return made;
    } catch (JwtException e) {
      throw new IllegalArgumentException("the token would not be readable: " + e.getMessage(), e);
    }
  }

  private static String header(String algorithm, Optional<String> key) {
    JsonWriter header = new JsonWriter().beginObject().name("alg").value(algorithm);
    key.ifPresent(id -> header.name("kid").value(id));
    return header.name("typ").value("JWT").endObject().text();
  }

  private static String content(String header, String payload) {
    return encode(header.getBytes(StandardCharsets.UTF_8))
        + "."
        + encode(payload.getBytes(StandardCharsets.UTF_8));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /* ------ Reading tokens ------ */

  /**
   * Reads a token and checks its signature and, if it has them, {@code exp} and {@code nbf}.
   *
   * @param now the current time, for instance {@code clock.now()}
   * @throws JwtException if it is not a token, not signed by the key with the key's algorithm, not
   *     valid yet or no longer valid
   * @throws IllegalStateException if the key can only make signatures
   */
  public static Jwt parse(String token, JwtKey key, Instant now) {
    return parse(token, JwtKeys.of(key), JwtRules.standard(), now);
  }

  /**
   * Reads a token and checks that one of some keys has signed it, and its claims by some rules. The
   * key is that whose id the token names, or if it names none, any of those without an id, or with
   * one if there is only that one.
   *
   * @param now the time to go by, for instance {@code clock.now()}
   * @throws JwtException if it is not a token, not signed by such a key with the key's algorithm,
   *     or breaks a rule
   * @throws IllegalStateException if the key is one that only makes signatures
   */
  public static Jwt parse(String token, JwtKeys keys, JwtRules rules, Instant now) {
    requireNonNull(keys, "keys");
    requireNonNull(now, "now");
    String[] parts = split(token);
    String text = text(parts[0], "header");
    Map<?, ?> header = object(text, "header");
    List<JwtKey> candidates = keys.find(keyId(header));
    if (candidates.isEmpty()) {
      throw new JwtException("no key is known by which it could be signed");
    }
    String stated = algorithm(header);
    List<JwtKey> fitting =
        candidates.stream().filter(key -> key.algorithm().equals(stated)).toList();
    if (fitting.isEmpty()) {
      throw new JwtException("the algorithm is not " + algorithms(candidates));
    }
    String content = parts[0] + "." + parts[1];
    byte[] signature = decode(parts[2], "signature");
    if (fitting.stream().noneMatch(key -> key.isSignature(content, signature))) {
      throw new JwtException("the signature is wrong");
    }
    return checked(text, parts, rules, now);
  }

  private static String algorithms(List<JwtKey> keys) {
    return keys.stream().map(JwtKey::algorithm).distinct().collect(Collectors.joining(" or "));
  }

  /** The id of the key that a token names; nothing is checked. */
  static Optional<String> keyId(String token) {
    return keyId(object(text(split(token)[0], "header"), "header"));
  }

  private static Optional<String> keyId(Map<?, ?> header) {
    Object id = header.get("kid");
    if (header.containsKey("kid") && !(id instanceof String)) {
      throw new JwtException("the id of the key in the header is not a string");
    }
    return Optional.ofNullable((String) id);
  }

  /**
   * Reads an unsigned token, with the algorithm {@code none}, which anybody may have made.
   *
   * @param now the current time
   * @throws JwtException if it is not a token, is signed, or is not valid yet or no longer valid
   */
  public static Jwt parseUnsecured(String token, Instant now) {
    requireNonNull(now, "now");
    String[] parts = split(token);
    String text = text(parts[0], "header");
    if (!algorithm(object(text, "header")).equals(NONE)) {
      throw new JwtException("the algorithm is not " + NONE);
    }
    if (!parts[2].isEmpty()) {
      throw new JwtException("there is a signature where none may be");
    }
    return checked(text, parts, JwtRules.standard(), now);
  }

  private static String[] split(String token) {
    if (token.length() > MOST_CHARACTERS) {
      throw new JwtException("longer than " + MOST_CHARACTERS + " characters");
    }
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      throw new JwtException("not three parts with dots between them");
    }
    return parts;
  }

  /** The algorithm that a header states, which has nothing that is not understood. */
  private static String algorithm(Map<?, ?> header) {
    if (!(header.get("alg") instanceof String stated)) {
      throw new JwtException("the header names no algorithm");
    }
    if (header.containsKey("typ") && !(header.get("typ") instanceof String)) {
      throw new JwtException("the type in the header is not a string");
    }
    if (header.containsKey("crit")) {
      throw new JwtException("the header has critical extensions");
    }
    return stated;
  }

  private static Jwt checked(String header, String[] parts, JwtRules rules, Instant now) {
    String payload = text(parts[1], "payload");
    Map<?, ?> claims = object(payload, "payload");
    Duration allowed = rules.clockSkew();
    BigDecimal skew =
        BigDecimal.valueOf(allowed.getSeconds()).add(BigDecimal.valueOf(allowed.getNano(), 9));
    if (claims.containsKey("exp")
        && time(claims, "exp").compareTo(seconds(now).subtract(skew)) <= 0) {
      throw new JwtException("expired");
    }
    if (claims.containsKey("nbf") && time(claims, "nbf").compareTo(seconds(now).add(skew)) > 0) {
      throw new JwtException("not valid yet");
    }
    rules.check(claims);
    return new Jwt(header, payload, claims, parts[2]);
  }

  private static BigDecimal seconds(Instant time) {
    return BigDecimal.valueOf(time.getEpochSecond()).add(BigDecimal.valueOf(time.getNano(), 9));
  }

  private static BigDecimal time(Map<?, ?> claims, String name) {
    try {
      if (claims.get(name) instanceof JsonNumber number) {
        return number.decimal();
      }
    } catch (JsonException e) {
      // Falls through: a time out of range is refused below.
    }
    throw new JwtException("the claim '" + name + "' is not a time");
  }

  private static Map<?, ?> object(String text, String part) {
    try {
      if (Json.parse(text, JsonLimits.ofSize(MOST_CHARACTERS)) instanceof Map<?, ?> members) {
        return members;
      }
    } catch (JsonException e) {
      throw new JwtException("the " + part + " is not JSON");
    }
    throw new JwtException("the " + part + " is not a JSON object");
  }

  private static String text(String part, String what) {
    byte[] bytes = decode(part, what);
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
      throw new JwtException("the " + what + " is not UTF-8");
    }
    return text;
  }

  private static byte[] decode(String part, String what) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(part);
      if (encode(bytes).equals(part)) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // Falls through.
    }
    throw new JwtException("the " + what + " is not Base64 for URLs");
  }

  /* ------ Parts ------ */

  /** The header, a JSON object. */
  public String header() {
    return header;
  }

  /** The claims as they were signed, a JSON object. */
  public String payload() {
    return payload;
  }

  /** The signature in Base64 for URLs; empty if there is none. */
  public String signature() {
    return signature;
  }

  /** The claims: strings as they are, everything else as JSON text. */
  public Map<String, String> claims() {
    return claims;
  }

  /** One claim. */
  public Optional<String> claim(String name) {
    return Optional.ofNullable(claims.get(name));
  }

  /** The token in its encoded form. Anybody who has it can use it, so it should never be logged. */
  public String token() {
    return content(header, payload) + "." + signature;
  }

  /** A description for people: the claims, without the signature. */
  @Override
  public String toString() {
    return "Jwt " + payload;
  }
}
