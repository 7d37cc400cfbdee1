package io.libprocess.support;

/** An exception that fails when it is asked what it is. */
public final class Indescribable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  @Override
  public String getMessage() {
    throw new IllegalStateException("no message");
  }

  @Override
  public String toString() {
    throw new IllegalStateException("no description");
  }
}
