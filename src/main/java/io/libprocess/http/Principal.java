package io.libprocess.http;

import static java.util.Objects.requireNonNull;

import io.libprocess.internal.json.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who makes a request, as an {@link Authenticator} found out: a name, or claims about the
 * requester, or both. Immutable.
 *
 * @param value the name
 * @param claims what is known, in the order in which it was given
 */
public record Principal(Optional<String> value, Map<String, String> claims) {

  /**
   * Checks that there is something.
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

  /** One that is known by name. */
  public static Principal of(String value) {
    return new Principal(Optional.of(value), Map.of());
  }

  /**
   * One of whom only claims are known.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static Principal of(Map<String, String> claims) {
    return new Principal(Optional.empty(), claims);
  }

  /** Whether the name is this one, whatever the claims are. (libprocess: {@code ==}.) */
  public boolean is(String name) {
    return value.isPresent() && value.get().equals(requireNonNull(name, "name"));
  }

  /** One claim. */
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
