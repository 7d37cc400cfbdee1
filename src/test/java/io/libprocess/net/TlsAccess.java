package io.libprocess.net;

import io.libprocess.net.tls.TlsContext;

/** Gives tests of other packages access to the context behind the settings of TLS. */
public final class TlsAccess {

  private TlsAccess() {}

  public static TlsContext context(Tls tls) {
    return tls.context();
  }
}
