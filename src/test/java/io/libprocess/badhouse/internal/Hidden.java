package io.libprocess.badhouse.internal;

/** A hidden class that is exposed. */
public class Hidden {

  /** In a signature. */
  public static class HiddenException extends Exception {
    private static final long serialVersionUID = 1;
  }

  /** On a declaration. */
  public @interface HiddenMark {}
}
