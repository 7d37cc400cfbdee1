package io.libprocess.net.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words for failures, which the JDK reports in several forms. */
class TlsFailureTest {

  private static String reason(Throwable thrown) {
    return TlsFailure.reason(thrown, Optional.of("node.test"));
  }

  @ParameterizedTest
  @CsvSource({
    "certificate_required, it requires a client certificate (certificate_required)",
    "bad_certificate, 'it rejects this side''s certificate, or requires one (bad_certificate)'",
    "unknown_ca, 'it rejects this side''s certificate, or requires one (unknown_ca)'",
    "handshake_failure, no cipher or certificate suits both sides (handshake_failure)",
    "protocol_version, no version of TLS suits both sides (protocol_version)",
    "internal_error, internal_error"
  })
  void alertOfThePeer_isExplained(String alert, String words) {
    String expected = "the peer refuses: " + words;
    assertEquals(expected, reason(new SSLException("Received fatal alert: " + alert)));
    assertEquals(
        expected, reason(new SSLException("(" + alert + ") Received fatal alert: " + alert)));
    assertEquals(
        expected,
        reason(new IOException("outer", new SSLException("Received fatal alert: " + alert))));
  }

  private static void assertReason(String expected, Throwable cause) {
    assertEquals(expected, reason(cause));
    assertEquals(expected, reason(new SSLException("certificate_unknown", cause)));
  }

  @Test
  void certificates_areDescribedByWhatIsWrongWithThem() {
    assertReason(
        "the peer's certificate has expired (NotAfter: x)",
        new CertificateExpiredException("NotAfter: x"));
    assertReason(
        "the peer's certificate is not valid yet (NotBefore: x)",
        new CertificateNotYetValidException("NotBefore: x"));
    assertReason(
        "the peer's certificate is not issued by a trusted authority: unknown CA, or self-signed"
            + " (no path)",
        new CertPathBuilderException("no path"));
    String tooLong = TlsFailure.TOO_LONG + 4;
    assertReason(tooLong, new CertificateException(tooLong));
  }

  @ParameterizedTest
  @CsvSource({"No subject alternative names present", "No name matching node.test found"})
  void certificateForAnotherHost_namesTheHost(String text) {
    assertReason(
        "the peer's certificate is for another host than node.test (" + text + ")",
        new CertificateException(text));
    assertEquals(
        "the peer's certificate is for another host than the one connected to (" + text + ")",
        TlsFailure.reason(new CertificateException(text), Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({
    "Empty client certificate chain, the client has presented no certificate",
    "null cert chain, the client has presented no certificate",
    "'Unsupported or unrecognized SSL message', what the peer sends is not TLS",
    "'Unrecognized SSL message, plaintext connection?', what the peer sends is not TLS"
  })
  void otherMessagesOfTheJdk_areExplained(String text, String words) {
    assertReason(words, new SSLException(text));
    assertReason(words, new SSLException("(bad_certificate) " + text));
  }

  @Test
  void unknownFailure_isTheOutermostMessage() {
    assertEquals("outer", reason(new SSLException("outer", new IOException("inner"))));
    assertEquals("outer", reason(new SSLException("(bad_record_mac) outer")));
    assertEquals("java.io.IOException", reason(new IOException()));
  }

  @Test
  void failureOfAHandshake_hasAPrefixAndTheCause() {
    Exception cause = new SSLException("null cert chain");
    IOException failure = TlsFailure.handshake("Failed to accept", cause, Optional.empty());
    assertEquals(SSLHandshakeException.class, failure.getClass());
    assertEquals("Failed to accept: the client has presented no certificate", failure.getMessage());
    assertSame(cause, failure.getCause());
  }
}
