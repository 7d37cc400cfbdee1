package io.libprocess.http;

import static java.util.Objects.requireNonNull;

import io.libprocess.http.security.Authenticator;
import io.libprocess.internal.json.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The identity of a requester, as found by an {@link Authenticator}: a name, or claims about the
 * requester, or both. Immutable.
 *
 * @param value the name
 * @param claims the claims, in the order in which they were given
 */
public record Principal(Optional<String> value, Map<String, String> claims) {

  /**
   * Checks that there is a name or a claim.
   *
   * @throws IllegalArgumentException if there is neither a name nor a claim
   */
  public Principal {
    requireNonNull(value, "value");
    claims = Collections.unmodifiableMap(new LinkedHashMap<>(claims));
    if (value.isEmpty() && claims.isEmpty()) {
      throw new IllegalArgumentException("a principal needs a value or claims");
    }
    claims.forEach((name, claim) -> requireNonNull(claim, name));
  }

  /** A principal that is known by name. */
  public static Principal of(String value) {
    return new Principal(Optional.of(value), Map.of());
  }

  /**
   * A principal of which only claims are known.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static Principal of(Map<String, String> claims) {
    return new Principal(Optional.empty(), claims);
  }

  /** Whether the name is the given one, whatever the claims are. (libprocess: {@code ==}.) */
  public boolean is(String name) {
    return value.isPresent() && value.get().equals(requireNonNull(name, "name"));
  }

  /** The value of a claim. */
  public Optional<String> claim(String name) {
    return Optional.ofNullable(claims.get(name));
  }

  /** The name alone; with claims a JSON object of both. */
  @Override
  public String toString() {
    if (claims.isEmpty()) {
      return value.orElseThrow();
    }
    Map<String, Object> json = new LinkedHashMap<>();
    value.ifPresent(name -> json.put("value", name));
    json.put("claims", claims);
    return Json.text(json);
  }
}
