package io.libprocess.net.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CipherSuitesTest {

  private static final String[] SUPPORTED = {
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_RSA_WITH_AES_256_CBC_SHA",
    "TLS_EMPTY_RENEGOTIATION_INFO_SCSV"
  };

  @ParameterizedTest
  @CsvSource({
    "AES128-SHA, TLS_RSA_WITH_AES_128_CBC_SHA",
    "AES256-SHA256, TLS_RSA_WITH_AES_256_CBC_SHA256",
    "AES256-GCM-SHA384, TLS_RSA_WITH_AES_256_GCM_SHA384",
    "ECDHE-RSA-AES128-GCM-SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "DHE-RSA-AES256-SHA, TLS_DHE_RSA_WITH_AES_256_CBC_SHA",
    "ECDHE-ECDSA-CHACHA20-POLY1305, TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "ADH-AES128-SHA, TLS_DH_anon_WITH_AES_128_CBC_SHA",
    "AECDH-AES256-SHA, TLS_ECDH_anon_WITH_AES_256_CBC_SHA",
    "TLS_AES_128_GCM_SHA256, TLS_AES_128_GCM_SHA256",
    "RC4-SHA, RC4-SHA",
  })
  void name_ofOpensslIsThatOfTheJdk(String name, String jdk) {
    assertEquals(jdk, CipherSuites.jdkName(name));
  }

  @Test
  void list_isThoseThatAreSupported_inItsOrder_andAllOfTls13() {
    assertArrayEquals(
        new String[] {
          "TLS_RSA_WITH_AES_256_CBC_SHA",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256"
        },
        CipherSuites.resolve(
            List.of("AES256-SHA", "RC4-SHA", "ECDHE-RSA-AES128-GCM-SHA256"), SUPPORTED));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ADH-AES128-SHA", "AECDH-AES256-SHA", "RC4-SHA", "AES128-SHA"})
  void list_withoutUse_isRefused(String name) {
    assertThrows(
        IllegalArgumentException.class, () -> CipherSuites.resolve(List.of(name), SUPPORTED));
  }

  @Test
  void safe_haveForwardSecrecyAndAuthenticatedEncryption() {
    assertArrayEquals(
        new String[] {SUPPORTED[0], SUPPORTED[1], SUPPORTED[2], SUPPORTED[3]},
        CipherSuites.safe(SUPPORTED));
    assertArrayEquals(
        new String[] {SUPPORTED[2]}, CipherSuites.safe(new String[] {SUPPORTED[4], SUPPORTED[2]}));
    assertThrows(
        IllegalArgumentException.class, () -> CipherSuites.safe(new String[] {SUPPORTED[4]}));
  }

  @Test
  void curves_haveTheNamesOfTheJdk() {
    assertArrayEquals(
        new String[] {"secp256r1", "secp256r1", "secp384r1", "secp521r1", "x25519"},
        CipherSuites.curves(List.of("P-256", "prime256v1", "p-384", "P-521", "X25519")));
  }
}
