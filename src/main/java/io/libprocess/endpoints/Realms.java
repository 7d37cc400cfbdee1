package io.libprocess.endpoints;

/** The realms of the built-in endpoints, which are open until they get an authenticator. */
public final class Realms {

  /** Of what only tells something. */
  public static final String READ_ONLY = "libprocess-readonly";

  /** Of what changes something. */
  public static final String READ_WRITE = "libprocess-readwrite";

  private Realms() {}
}
