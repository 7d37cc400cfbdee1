package io.libprocess.http.jwt;

/**
 * The failure of a token that is not valid. The message gives the reason and contains no part of
 * the token. It has no stack trace.
 */
public final class JwtException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  JwtException(String message) {
    super(message, null, false, false);
  }
}
