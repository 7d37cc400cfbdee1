package io.libprocess.http.jwt;

import io.libprocess.http.auth.KeySetParser;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keys that check signatures, some of them with ids by which tokens name them. Immutable. */
public final class JwtKeys {

  private final List<JwtKey> keys;

  private JwtKeys(List<JwtKey> keys) {
    this.keys = List.copyOf(keys);
  }

  /** Some keys. */
  public static JwtKeys of(JwtKey... keys) {
    return new JwtKeys(List.of(keys));
  }

  /**
   * The keys of a key set (JWKS, RFC 7517): those of RSA and of the curve P-256 for signatures.
   * Others are skipped, secret ones too.
   *
   * @throws IllegalArgumentException if it is no key set, or a key of it is malformed or too short
   */
  public static JwtKeys parse(String json) {
    List<JwtKey> keys = new ArrayList<>();
    for (Map.Entry<Optional<String>, PublicKey> entry : KeySetParser.parse(json)) {
      JwtKey key =
          entry.getValue() instanceof RSAPublicKey rsa
              ? JwtKey.rs256(rsa)
              : JwtKey.es256((ECPublicKey) entry.getValue());
      keys.add(entry.getKey().map(key::withId).orElse(key));
    }
    return new JwtKeys(keys);
  }

  /**
   * The keys that a token may be signed with.
   *
   * @param id that the token names
   */
  List<JwtKey> find(Optional<String> id) {
    if (id.isEmpty()) {
      return keys.size() == 1 ? keys : keys.stream().filter(key -> key.id().isEmpty()).toList();
    }
    List<JwtKey> named = keys.stream().filter(key -> key.id().equals(id)).toList();
    return named.isEmpty() ? keys.stream().filter(key -> key.id().isEmpty()).toList() : named;
  }

  /** Whether there is a key of an id. */
  boolean has(String id) {
    return keys.stream().anyMatch(key -> key.id().filter(id::equals).isPresent());
  }

  /** How many there are. */
  public int size() {
    return keys.size();
  }

  /** The algorithms. */
  @Override
  public String toString() {
    return "JwtKeys " + keys;
  }
}
