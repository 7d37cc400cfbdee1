package io.libprocess.http.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 1",
    "bytes=0-9, 0, 10",
    "bytes=2-, 2, 8",
    "bytes=9-9, 9, 1",
    "bytes=5-100, 5, 5",
    "bytes=-3, 7, 3",
    "bytes=-100, 0, 10",
    "BYTES = 1-2, 1, 2",
    "bytes=1-99999999999999999999999, 1, 9",
    "bytes=-99999999999999999999999, 0, 10",
    "bytes=10-, 10, 0",
    "bytes=10-20, 10, 0",
    "bytes=99999999999999999999999-, 9223372036854775807, 0",
    "bytes=-0, 10, 0",
  })
  void part_ofTenBytes(String header, long start, long length) {
    assertEquals(Optional.of(new ByteRange(start, length)), ByteRange.parse(header, 10));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=2-1",
        "bytes=a-b",
        "bytes=1-2,4-5",
        "bytes=1 -2",
        "lines=1-2",
        "bytes=--1",
        "bytes=+1-2",
        "bytes=0x1-2"
      })
  void header_thatIsIgnored(String header) {
    assertEquals(Optional.empty(), ByteRange.parse(header, 10));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=0-", "bytes=-1", "bytes=0-0"})
  void empty_hasNoPart(String header) {
    assertEquals(0, ByteRange.parse(header, 0).orElseThrow().length());
  }

  @Test
  @Timeout(20) // Many times what it takes, if that grows with the length only.
  void number_ofManyDigitsIsReadInLinearTime() {
    String digits = "9".repeat(5_000_000);
    assertEquals(
        Optional.of(new ByteRange(Long.MAX_VALUE, 0)),
        ByteRange.parse("bytes=" + digits + "-", 10));
    assertEquals(Optional.of(new ByteRange(0, 10)), ByteRange.parse("bytes=-" + digits, 10));
    assertEquals(
        Optional.of(new ByteRange(3, 7)),
        ByteRange.parse("bytes=" + "0".repeat(5_000_000) + "3-" + digits, 10));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 9, 10, Long.MAX_VALUE - 1, Long.MAX_VALUE})
  void number_isExact(long number) {
    assertEquals(number, ByteRange.parse("bytes=" + number + "-", 1).get().start());
  }
}
