package io.libprocess.http.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpDateTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994"
      })
  void parse_takesAllThreeForms(String text) {
    assertEquals(Optional.of(Instant.parse("1994-11-06T08:49:37Z")), HttpDate.parse(text));
  }

  @Test
  void parse_takesTwoDigitsAsAYearFrom1970() {
    assertEquals(Optional.of(Instant.EPOCH), HttpDate.parse("Thursday, 01-Jan-70 00:00:00 GMT"));
    assertEquals(
        Optional.of(Instant.parse("2069-01-01T00:00:00Z")),
        HttpDate.parse("Tuesday, 01-Jan-69 00:00:00 GMT"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Thursday, 06-Nov-994 08:49:37 GMT",
        "0",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 25:49:37 GMT",
        "Mon, 06 Nov 1994 08:49:37 GMT",
        "1994-11-06T08:49:37Z"
      })
  void parse_refusesWhatIsNoDate(String text) {
    assertEquals(Optional.empty(), HttpDate.parse(text));
  }
}
