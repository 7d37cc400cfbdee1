package io.libprocess.http;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.http.grammar.Credentials;
import io.libprocess.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Authenticates by JSON web tokens, which the client sends as {@code Authorization: Bearer} with
 * each request. A principal has no value; its claims are those of the token, strings as they are
 * and everything else as JSON text.
 */
public final class JwtAuthenticator implements Authenticator {

  private static final String SCHEME = "Bearer";

  private final Challenge challenge;
  private final JwtKey key;
  private final Supplier<Instant> now;

  /**
   * Makes an authenticator that accepts tokens which are valid by the clock of the calling thread,
   * which is the node's.
   *
   * @param key the key with which the tokens must be signed
   * @throws IllegalArgumentException if the realm cannot be quoted
   */
  public JwtAuthenticator(String realm, JwtKey key) {
    this(realm, key, () -> Clock.current().now());
  }

  /**
   * Makes an authenticator that accepts tokens which are valid by a given clock.
   *
   * @param key the key with which the tokens must be signed
   * @throws IllegalArgumentException if the realm cannot be quoted
   */
  public JwtAuthenticator(String realm, JwtKey key, Clock clock) {
    this(realm, key, requireNonNull(clock, "clock")::now);
  }

  private JwtAuthenticator(String realm, JwtKey key, Supplier<Instant> now) {
    challenge = Challenge.of(SCHEME, realm);
    this.key = requireNonNull(key, "key");
    this.now = now;
  }

  @Override
  public Future<AuthenticationResult> authenticate(Request request) {
    return Future.of(result(Credentials.of(request.headers().all("Authorization"))));
  }

  private AuthenticationResult result(Optional<Credentials> sent) {
    if (sent.isEmpty()) {
      return AuthenticationResult.unauthorized(challenge.toString());
    }
    Credentials credentials = sent.get();
    if (credentials.isMalformed()) {
      return refusal("Malformed 'Authorization' header");
    }
    if (!credentials.isOf(SCHEME)) {
      return refusal("Scheme '" + credentials.scheme() + "' unsupported");
    }
    Jwt token;
    try {
      token = Jwt.parse(credentials.token(), key, now.get());
    } catch (JwtException e) {
      return refusal("Invalid JWT: " + e.getMessage());
    }
    return token.claims().isEmpty()
        ? refusal("JWT claims missing")
        : AuthenticationResult.of(Principal.of(token.claims()));
  }

  private AuthenticationResult refusal(String reason) {
    return AuthenticationResult.unauthorized(
        challenge.with("error", "invalid_token").with("error_description", reason).toString());
  }

  @Override
  public boolean needsBody() {
    return false;
  }

  @Override
  public String scheme() {
    return SCHEME;
  }

  /** The challenge and the algorithm, without the key. */
  @Override
  public String toString() {
    return "JwtAuthenticator " + challenge + " " + key.algorithm();
  }
}
