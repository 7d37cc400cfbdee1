package io.libprocess.http.jwt;

import io.libprocess.settings.Check;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The requirements for the claims of a token, besides that {@code exp} and {@code nbf}, if present,
 * hold now. Immutable; the methods return changed copies.
 */
public final class JwtRules {

  private static final JwtRules STANDARD =
      new JwtRules(Optional.empty(), Optional.empty(), Duration.ZERO, false);

  private final Optional<String> issuer;
  private final Optional<String> audience;
  private final Duration clockSkew;
  private final boolean expires;

  private JwtRules(
      Optional<String> issuer, Optional<String> audience, Duration clockSkew, boolean expires) {
    this.issuer = issuer;
    this.audience = audience;
    this.clockSkew = clockSkew;
    this.expires = expires;
  }

  /** Anybody may have issued a token, for anybody; clocks are right. */
  public static JwtRules standard() {
    return STANDARD;
  }

  /** {@code iss} must be this. */
  public JwtRules issuer(String issuer) {
    return new JwtRules(Optional.of(issuer), audience, clockSkew, expires);
  }

  /**
   * {@code aud} must be this, or a list with it: a token for another service of the same issuer is
   * refused then.
   */
  public JwtRules audience(String audience) {
    return new JwtRules(issuer, Optional.of(audience), clockSkew, expires);
  }

  /** The issuer's clock may be wrong by that much: {@code exp} and {@code nbf} hold for longer. */
  public JwtRules clockSkew(Duration skew) {
    return new JwtRules(issuer, audience, Check.notNegative("skew", skew), expires);
  }

  /** {@code exp} must be there: tokens that never end are refused. */
  public JwtRules expiring() {
    return new JwtRules(issuer, audience, clockSkew, true);
  }

  Duration clockSkew() {
    return clockSkew;
  }

  /** Refuses claims that break a rule, but for those of time. */
  void check(Map<?, ?> claims) {
    if (expires && !claims.containsKey("exp")) {
      throw new JwtException("it never expires");
    }
    if (issuer.isPresent() && !issuer.get().equals(claims.get("iss"))) {
      throw new JwtException("it is of another issuer");
    }
    if (audience.isPresent() && !isFor(audience.get(), claims.get("aud"))) {
      throw new JwtException("it is for another audience");
    }
  }

  private static boolean isFor(String audience, Object claim) {
    return audience.equals(claim) || claim instanceof List<?> list && list.contains(audience);
  }
}
