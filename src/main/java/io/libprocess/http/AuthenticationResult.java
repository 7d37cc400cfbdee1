package io.libprocess.http;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** What an {@link Authenticator} says about a request: exactly one of three things. */
public sealed interface AuthenticationResult {

  /** The request goes on, with the one who makes it. */
  record Authenticated(Principal principal) implements AuthenticationResult {

    /** Checks that there is one. */
    public Authenticated {
      requireNonNull(principal, "principal");
    }
  }

  /**
   * The request is answered with 401.
   *
   * @param challenges the ways to authenticate, for {@code WWW-Authenticate}; see {@link Challenge}
   * @param text the body
   */
  record Unauthorized(List<String> challenges, String text) implements AuthenticationResult {

    /**
     * Checks that there is a way.
     *
     * @throws IllegalArgumentException if there is no challenge
     */
    public Unauthorized {
      challenges = List.copyOf(challenges);
      requireNonNull(text, "text");
      if (challenges.isEmpty()) {
        throw new IllegalArgumentException("401 needs a challenge");
      }
    }
  }

  /**
   * The request is answered with 403.
   *
   * @param text the body
   */
  record Forbidden(String text) implements AuthenticationResult {

    /** Checks that there is a text. */
    public Forbidden {
      requireNonNull(text, "text");
    }
  }

  /** The request is made by a principal. */
  static AuthenticationResult of(Principal principal) {
    return new Authenticated(principal);
  }

  /**
   * The request may be repeated with credentials, or with others.
   *
   * @throws IllegalArgumentException if there is no challenge
   */
  static AuthenticationResult unauthorized(String... challenges) {
    return new Unauthorized(List.of(challenges), Status.UNAUTHORIZED + ".");
  }

  /** The request is refused, whatever its credentials. */
  static AuthenticationResult forbidden() {
    return new Forbidden(Status.FORBIDDEN + ".");
  }
}
