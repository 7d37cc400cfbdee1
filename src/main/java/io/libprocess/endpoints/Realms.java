package io.libprocess.endpoints;

/** The realms of the built-in endpoints, which are open until they get an authenticator. */
public final class Realms {

  /** The realm of endpoints that only read. */
  public static final String READ_ONLY = "libprocess-readonly";

  /** The realm of endpoints that change something. */
  public static final String READ_WRITE = "libprocess-readwrite";

  private Realms() {}
}
