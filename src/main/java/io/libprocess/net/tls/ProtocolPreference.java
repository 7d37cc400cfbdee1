package io.libprocess.net.tls;

import java.util.List;

/**
 * What the user of channels speaks on them, if the TLS settings do not say: implemented by the
 * function that makes the handlers of accepted channels, or of an outgoing one.
 */
public interface ProtocolPreference {

  /** The names of the protocols, as of ALPN; the best first. */
  List<String> protocols();
}
