package io.libprocess.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusTest {

  @ParameterizedTest
  @CsvSource({
    "100, Continue",
    "200, OK",
    "308, Permanent Redirect",
    "404, Not Found",
    "408, Request Timeout",
    "413, Content Too Large",
    "421, Misdirected Request",
    "422, Unprocessable Content",
    "426, Upgrade Required",
    "428, Precondition Required",
    "429, Too Many Requests",
    "431, Request Header Fields Too Large",
    "451, Unavailable For Legal Reasons",
    "505, HTTP Version Not Supported",
    "511, Network Authentication Required"
  })
  void known_reason(int code, String reason) {
    assertTrue(Status.of(code).isKnown());
    assertEquals(reason, Status.of(code).reason());
    assertEquals(code + " " + reason, Status.of(code).toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {199, 299, 306, 600, 999})
  void unknown_isLegalAndWithoutReason(int code) {
    assertFalse(Status.of(code).isKnown());
    assertEquals("", Status.of(code).reason());
    assertEquals("" + code, Status.of(code).toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 99, 1000, 1337})
  void outOfRange_isRefused(int code) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Status.of(code)).getMessage();
    assertTrue(message.contains("" + code), message);
    assertThrows(IllegalArgumentException.class, () -> new Status(code));
  }

  @Test
  void of_isShared() {
    assertSame(Status.NOT_FOUND, Status.of(404));
  }
}
