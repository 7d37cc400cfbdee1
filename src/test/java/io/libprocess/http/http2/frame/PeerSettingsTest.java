package io.libprocess.http.http2.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerSettingsTest {

  private final PeerSettings settings = new PeerSettings();

  @ParameterizedTest
  @CsvSource({"1,4294967295", "2,1", "3,0", "4,2147483647", "5,16384", "5,16777215", "6,0", "9,1"})
  void setting_isLegal(int id, long value) throws Exception {
    settings.set(id, value);
  }

  @ParameterizedTest
  @CsvSource({
    "2,2,PROTOCOL_ERROR",
    "4,2147483648,FLOW_CONTROL_ERROR",
    "5,16383,PROTOCOL_ERROR",
    "5,16777216,PROTOCOL_ERROR",
    "9,2,PROTOCOL_ERROR"
  })
  void setting_endsTheConnection(int id, long value, ErrorCode code) {
    Http2Exception e = assertThrows(Http2Exception.class, () -> settings.set(id, value));
    assertEquals(code, e.code());
    assertEquals(0, e.stream());
  }

  @Test
  void settings_countFromThenOn() throws Exception {
    assertEquals(PeerSettings.INITIAL_WINDOW, settings.initialWindow());
    assertEquals(100 - PeerSettings.INITIAL_WINDOW, settings.set(4, 100));
    assertEquals(50, settings.set(4, 150));
    assertEquals(150, settings.initialWindow());
    assertEquals(0, settings.set(5, 20_000));
    assertEquals(20_000, settings.maxFrame());
    assertEquals(Integer.MAX_VALUE, settings.maxStreams());
    settings.set(3, 7);
    assertEquals(7, settings.maxStreams());
    settings.set(3, 0xFFFFFFFFL);
    assertEquals(Integer.MAX_VALUE, settings.maxStreams());
    settings.set(6, 0xFFFFFFFFL);
    assertEquals(0xFFFFFFFFL, settings.maxHeaderList());
    assertEquals(0, settings.set(0x0104, 5)); // Unknown.
    assertEquals(150, settings.initialWindow());
  }

  @Test
  void useOfOldPriorities_cannotBeChangedAfterTheFirstSettings() throws Exception {
    settings.set(9, 0);
    settings.set(9, 1);
    settings.end();
    settings.set(9, 1);
    assertThrows(Http2Exception.class, () -> settings.set(9, 0));
  }
}
