package io.libprocess.net;

import io.libprocess.net.tls.TlsContext;

/** Lets tests of other packages see what is behind the settings of TLS. */
public final class TlsAccess {

  private TlsAccess() {}

  public static TlsContext context(Tls tls) {
    return tls.context();
  }
}
