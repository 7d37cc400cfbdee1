package io.libprocess.net.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

class TlsSettingsTest {

  private final TlsSettings settings = new TlsSettings();

  @Test
  void defaults_areThoseThatAreDocumented() {
    assertTrue(settings.verifyServer);
    assertTrue(settings.verifyIp);
    assertFalse(settings.downgrade);
    assertEquals(4, settings.verificationDepth);
    assertEquals(TlsSettings.ClientCertificate.NONE, settings.clientCertificate);
    assertEquals(List.of("TLSv1.3", "TLSv1.2"), settings.protocols);
    assertEquals(Duration.ofSeconds(10), settings.handshakeTimeout);
  }

  @Test
  void context_mayBeGivenWithItsIdentity() throws Exception {
    assertFalse(settings.hasIdentity());
    assertNotNull(settings.jdkContext());
    settings.context = SSLContext.getDefault();
    assertSame(settings.context, settings.jdkContext());
    assertTrue(settings.hasIdentity());
    assertNotNull(settings.build().accepting(channel -> null));
  }

  @Test
  void server_needsAnIdentity() {
    TlsContext client = settings.build();
    assertEquals(
        "a server needs a certificate and its key",
        assertThrows(IllegalStateException.class, () -> client.accepting(channel -> null))
            .getMessage());
    assertThrows(NullPointerException.class, () -> client.accepting(null));
    assertThrows(NullPointerException.class, () -> client.over(null));
  }

  @Test
  void authorities_areReadIfAnybodyIsVerified() {
    settings.authorities.add(Path.of("/nowhere"));
    assertThrows(IllegalArgumentException.class, settings::jdkContext);
    settings.verifyServer = false;
    assertNotNull(settings.jdkContext());
    settings.clientCertificate = TlsSettings.ClientCertificate.WANTED;
    assertThrows(IllegalArgumentException.class, settings::jdkContext);
  }
}
