package io.libprocess.http.http2;

import io.libprocess.net.TlsSession;
import java.util.regex.Pattern;

/** Which ciphers of TLS HTTP/2 excludes: RFC 9113, section 9.2.2. */
public final class CipherRule {

  /** The ciphers of TLS 1.2 with an ephemeral key exchange and authenticated encryption. */
  private static final Pattern STRONG =
      Pattern.compile("TLS_(EC)?DHE_.*_(GCM|CCM|CCM_8|CHACHA20_POLY1305)(_SHA.*)?");

  private CipherRule() {}

  /** Whether a session of TLS 1.2 has a cipher that is excluded. */
  public static boolean excludes(TlsSession session) {
    return session.protocol().equals("TLSv1.2") && !STRONG.matcher(session.cipherSuite()).matches();
  }
}
