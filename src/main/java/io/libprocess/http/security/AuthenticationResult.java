package io.libprocess.http.security;

import static java.util.Objects.requireNonNull;

import io.libprocess.http.Principal;
import io.libprocess.http.Status;
import java.util.List;

/** The answer of an {@link Authenticator} about a request: exactly one of three kinds. */
public sealed interface AuthenticationResult {

  /** The request goes on, made by a principal. */
  record Authenticated(Principal principal) implements AuthenticationResult {

    /** Checks that the principal is not null. */
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
     * Checks that there is at least one challenge.
     *
     * @throws IllegalArgumentException if there is none
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

    /** Checks that the text is not null. */
    public Forbidden {
      requireNonNull(text, "text");
    }
  }

  /** Lets the request go on, made by a principal. */
  static AuthenticationResult of(Principal principal) {
    return new Authenticated(principal);
  }

  /**
   * Asks the client to repeat the request with credentials, or with other ones.
   *
   * @throws IllegalArgumentException if there is no challenge
   */
  static AuthenticationResult unauthorized(String... challenges) {
    return new Unauthorized(List.of(challenges), Status.UNAUTHORIZED + ".");
  }

  /** Refuses the request, whatever its credentials. */
  static AuthenticationResult forbidden() {
    return new Forbidden(Status.FORBIDDEN + ".");
  }
}
