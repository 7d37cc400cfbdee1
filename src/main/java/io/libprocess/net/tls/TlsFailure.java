package io.libprocess.net.tls;

import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;

/**
 * Describes failures of TLS in words that say what to do; the JDK's own message is in the cause.
 */
final class TlsFailure {

  static final String TOO_LONG = "certificates between the peer's and an authority's exceed ";

  private static final Pattern ALERT = Pattern.compile("Received fatal alert: (\\w+)");

  /** Newer JDKs begin with the name of the alert that they send. */
  private static final Pattern ALERT_SENT = Pattern.compile("^\\([a-z_]+\\) ");

  private TlsFailure() {}

  /** Makes the failure of a handshake. */
  static IOException handshake(String prefix, Throwable cause, Optional<String> host) {
    IOException failure = new SSLHandshakeException(prefix + ": " + reason(cause, host));
    failure.initCause(cause);
    return failure;
  }

  /** The reason of {@code thrown}, in words. */
  static String reason(Throwable thrown, Optional<String> host) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      String text = text(cause);
      Matcher alert = ALERT.matcher(text);
      if (alert.find()) {
        return "the peer refuses: " + alert(alert.group(1));
      }
      String reason = reason(cause, text, host);
      if (reason != null) {
        return reason;
      }
    }
    return text(thrown);
  }

  private static String text(Throwable thrown) {
    String message = thrown.getMessage();
    return message == null ? thrown.toString() : ALERT_SENT.matcher(message).replaceFirst("");
  }

  private static String reason(Throwable cause, String text, Optional<String> host) {
    if (cause instanceof CertificateExpiredException) {
      return "the peer's certificate has expired (" + text + ")";
    }
    if (cause instanceof CertificateNotYetValidException) {
      return "the peer's certificate is not valid yet (" + text + ")";
    }
    if (cause instanceof CertPathBuilderException) {
      return "the peer's certificate is not issued by a trusted authority: unknown CA, or"
          + " self-signed ("
          + text
          + ")";
    }
    if (text.startsWith(TOO_LONG)) {
      return text;
    }
    if (text.startsWith("No subject alternative") || text.startsWith("No name matching")) {
      return "the peer's certificate is for another host than "
          + host.orElse("the one connected to")
          + " ("
          + text
          + ")";
    }
    if (text.startsWith("Empty client certificate chain") || text.equals("null cert chain")) {
      return "the client has presented no certificate";
    }
    if (text.startsWith("Unsupported or unrecognized SSL message")
        || text.startsWith("Unrecognized SSL message")) {
      return "what the peer sends is not TLS";
    }
    return null;
  }

  private static String alert(String name) {
    return switch (name) {
      case "certificate_required" -> "it requires a client certificate (" + name + ")";
      case "bad_certificate", "certificate_unknown", "certificate_expired", "unknown_ca" ->
          "it rejects this side's certificate, or requires one (" + name + ")";
      case "handshake_failure" -> "no cipher or certificate suits both sides (" + name + ")";
      case "protocol_version" -> "no version of TLS suits both sides (" + name + ")";
      default -> name;
    };
  }
}
