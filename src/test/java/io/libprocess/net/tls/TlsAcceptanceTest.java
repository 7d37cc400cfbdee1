package io.libprocess.net.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsAcceptanceTest {

  @ParameterizedTest
  @CsvSource({
    "'', UNKNOWN",
    "16, UNKNOWN",
    "1603, UNKNOWN",
    "16030101, UNKNOWN",
    "1603010105, UNKNOWN",
    "160301010501, TLS",
    "16030101050100, TLS",
    "160301010502, PLAIN",
    "1602, PLAIN",
    "1502, PLAIN",
    "150301010501, PLAIN",
    "170301010501, PLAIN",
    "00, PLAIN",
    "474554202f01, PLAIN",
    "80, UNKNOWN",
    "802e, UNKNOWN",
    "802e01, TLS",
    "802e0103, TLS",
    "802e02, PLAIN",
    "ff0000, PLAIN",
  })
  void firstBytes_showWhetherThePeerSpeaksTls(String bytes, TlsAcceptance.Kind kind) {
    byte[] first = HexFormat.of().parseHex(bytes);
    assertEquals(kind, TlsAcceptance.kind(ByteBuffer.wrap(first)));
    byte[] within = HexFormat.of().parseHex("0101" + bytes);
    ByteBuffer rest = ByteBuffer.wrap(within).position(2);
    assertEquals(kind, TlsAcceptance.kind(rest));
    assertEquals(2, rest.position());
  }
}
