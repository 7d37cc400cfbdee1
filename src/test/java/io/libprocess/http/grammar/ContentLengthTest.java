package io.libprocess.http.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentLengthTest {

  @ParameterizedTest
  @ValueSource(longs = {0, 9, 10, 1234567890, 999_999_999_999_999_999L})
  void number_isExact(long length) {
    assertEquals(length, ContentLength.parse(Long.toString(length)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "-1", "+1", "1 ", "1/", "1:", "1000000000000000000"})
  void text_thatIsNoLength(String text) {
    assertEquals(ContentLength.UNKNOWN, ContentLength.parse(text));
  }
}
