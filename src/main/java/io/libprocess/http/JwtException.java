package io.libprocess.http;

/** A token that is not valid, and why. The message holds nothing of the token. No stack trace. */
public final class JwtException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  JwtException(String message) {
    super(message, null, false, false);
  }
}
