package io.libprocess.http.jwt;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.grammar.Credentials;
import io.libprocess.http.security.AuthenticationResult;
import io.libprocess.http.security.Authenticator;
import io.libprocess.http.security.Challenge;
import io.libprocess.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * JSON web tokens, which the client sends as {@code Authorization: Bearer} with each request. The
 * claims of a principal are those of the token, strings as they are and everything else as JSON
 * text; a name it has only if {@link #named} says which claim that is. Immutable; the methods give
 * changed copies.
 *
 * <pre>{@code
 * new JwtAuthenticator("shop", JwtKeySource.at(node.http(), Url.parse("https://id.example/jwks")))
 *     .rules(JwtRules.standard().issuer("https://id.example").audience("shop").expiring())
 *     .named("sub")
 * }</pre>
 */
public final class JwtAuthenticator implements Authenticator {

  private static final String SCHEME = "Bearer";

  private final Challenge challenge;
  private final Function<Optional<String>, Future<JwtKeys>> keys; // By the id that a token names.
  private final String shown; // Of the keys.
  private final JwtRules rules;
  private final Optional<String> name;
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
    this(
        Challenge.of(SCHEME, realm),
        known(JwtKeys.of(key)),
        key.algorithm(),
        JwtRules.standard(),
        Optional.empty(),
        now);
  }

  /**
   * Takes tokens that are valid by the clock of the thread that asks, which is the node's.
   *
   * @param keys one of which the tokens must be signed with
   * @throws IllegalArgumentException if the realm cannot be quoted
   */
  public JwtAuthenticator(String realm, JwtKeys keys) {
    this(
        Challenge.of(SCHEME, realm),
        known(keys),
        keys.toString(),
        JwtRules.standard(),
        Optional.empty(),
        () -> Clock.current().now());
  }

  /**
   * Takes tokens that are valid by the clock of the thread that asks, which is the node's.
   *
   * @param keys where those are found one of which the tokens must be signed with. While they
   *     cannot be had, requests with tokens are answered with 500
   * @throws IllegalArgumentException if the realm cannot be quoted
   */
  public JwtAuthenticator(String realm, JwtKeySource keys) {
    this(
        Challenge.of(SCHEME, realm),
        keys::keys,
        keys.toString(),
        JwtRules.standard(),
        Optional.empty(),
        () -> Clock.current().now());
  }

  private JwtAuthenticator(
      Challenge challenge,
      Function<Optional<String>, Future<JwtKeys>> keys,
      String shown,
      JwtRules rules,
      Optional<String> name,
      Supplier<Instant> now) {
    this.challenge = challenge;
    this.keys = keys;
    this.shown = shown;
    this.rules = rules;
    this.name = name;
    this.now = now;
  }

  private static Function<Optional<String>, Future<JwtKeys>> known(JwtKeys keys) {
    Future<JwtKeys> ready = Future.of(keys);
    return id -> ready;
  }

  /** Takes tokens only whose claims keep to some rules. */
  public JwtAuthenticator rules(JwtRules rules) {
    requireNonNull(rules, "rules");
    return new JwtAuthenticator(challenge, keys, shown, rules, name, now);
  }

  /**
   * Gives principals a name.
   *
   * @param claim the claim that it is, such as {@code sub}; tokens without it are refused
   */
  public JwtAuthenticator named(String claim) {
    return new JwtAuthenticator(challenge, keys, shown, rules, Optional.of(claim), now);
  }

  @Override
  public Future<AuthenticationResult> authenticate(Request request) {
    Optional<Credentials> sent = Credentials.of(request.headers().all("Authorization"));
    if (sent.isEmpty()) {
      return Future.of(AuthenticationResult.unauthorized(challenge.toString()));
    }
    Credentials credentials = sent.get();
    if (credentials.isMalformed()) {
      return Future.of(refusal("Malformed 'Authorization' header"));
    }
    if (!credentials.isOf(SCHEME)) {
      return Future.of(refusal("Scheme '" + credentials.scheme() + "' unsupported"));
    }
    String token = credentials.token();
    Future<JwtKeys> known;
    try {
      known = keys.apply(Jwt.keyId(token));
    } catch (JwtException e) {
      return Future.of(invalid(e));
    }
    return known.map(found -> result(token, found));
  }

  private AuthenticationResult result(String text, JwtKeys known) {
    Jwt token;
    try {
      token = Jwt.parse(text, known, rules, now.get());
    } catch (JwtException e) {
      return invalid(e);
    }
    if (token.claims().isEmpty()) {
      return refusal("JWT claims missing");
    }
    if (name.isEmpty()) {
      return AuthenticationResult.of(Principal.of(token.claims()));
    }
    Optional<String> named = token.claim(name.get()).filter(value -> !value.isEmpty());
    return named.isEmpty()
        ? refusal("JWT claim '" + name.get() + "' missing")
        : AuthenticationResult.of(new Principal(named, token.claims()));
  }

  private AuthenticationResult invalid(JwtException why) {
    return refusal("Invalid JWT: " + why.getMessage());
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

  /** The challenge and the algorithms; the keys are nobody's business. */
  @Override
  public String toString() {
    return "JwtAuthenticator " + challenge + " " + shown;
  }
}
