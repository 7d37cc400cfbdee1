package io.libprocess.http.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.http2.frame.ErrorCode;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Times, texts, numbers and types in the fields of gRPC. */
@Timeout(60)
class GrpcFieldsTest {

  @Test
  void timeout_hasTheFinestUnitThatFits() {
    assertEquals("1n", GrpcTimeout.encode(1));
    assertEquals("1n", GrpcTimeout.encode(0));
    assertEquals("1n", GrpcTimeout.encode(-5));
    assertEquals("99999999n", GrpcTimeout.encode(99_999_999));
    assertEquals("100000u", GrpcTimeout.encode(100_000_000));
    assertEquals("100000u", GrpcTimeout.encode(100_000_999));
    assertEquals("60000000u", GrpcTimeout.encode(Duration.ofSeconds(60).toNanos()));
    assertEquals("100000m", GrpcTimeout.encode(Duration.ofSeconds(100).toNanos()));
    assertEquals("86400000m", GrpcTimeout.encode(Duration.ofDays(1).toNanos()));
    assertEquals("2562047H", GrpcTimeout.encode(Long.MAX_VALUE));
  }

  @Test
  void timeout_isNeverLonger_andReadAsWritten() {
    Random random = new Random(7);
    for (int i = 0; i < 10_000; i++) {
      long nanos = random.nextLong() >>> (1 + random.nextInt(62));
      Duration read = GrpcTimeout.parse(GrpcTimeout.encode(nanos)).orElseThrow();
      assertTrue(read.compareTo(Duration.ofNanos(Math.max(1, nanos))) <= 0, () -> "of " + nanos);
    }
  }

  @Test
  void timeout_isOneToEightDigitsAndAUnit() {
    assertEquals(Optional.of(Duration.ofHours(99_999_999)), GrpcTimeout.parse("99999999H"));
    assertEquals(Optional.of(Duration.ofMinutes(2)), GrpcTimeout.parse("2M"));
    assertEquals(Optional.of(Duration.ofSeconds(3)), GrpcTimeout.parse("3S"));
    assertEquals(Optional.of(Duration.ofMillis(4)), GrpcTimeout.parse("4m"));
    assertEquals(Optional.of(Duration.ofNanos(5000)), GrpcTimeout.parse("5u"));
    assertEquals(Optional.of(Duration.ZERO), GrpcTimeout.parse("0n"));
    for (String wrong :
        new String[] {"", "1", "n", "123456789n", "-1n", "1 n", "1h", "1.5S", "٣S"}) {
      assertEquals(Optional.empty(), GrpcTimeout.parse(wrong), wrong);
    }
  }

  @Test
  void text_isEscapedOutsideOfPrintableAscii() {
    assertEquals("all is well", GrpcText.encode("all is well"));
    assertEquals("100%25", GrpcText.encode("100%"));
    assertEquals("%09a%0D%0A%E2%98%BA", GrpcText.encode("\ta\r\n☺"));
    assertEquals("%20a b%20", GrpcText.encode(" a b "));
    assertEquals("%F0%9F%98%88", GrpcText.encode("😈"));
  }

  @Test
  void text_isReadAsWritten() {
    Random random = new Random(3);
    for (int i = 0; i < 2000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(20); j > 0; j--) {
        text.appendCodePoint(random.nextInt(0xD800));
      }
      assertEquals(text.toString(), GrpcText.decode(GrpcText.encode(text.toString())));
    }
  }

  @Test
  void brokenEscapes_areKept() {
    for (String kept : new String[] {"%", "%4", "a%zz", "%%", "%-1", "100% sure"}) {
      assertEquals(kept, GrpcText.decode(kept));
    }
    assertEquals("a%zzA", GrpcText.decode("a%zz%41"));
    assertEquals("%A", GrpcText.decode("%%41"));
  }

  @Test
  void statuses_areThoseOfHttpAndOfResets() {
    int[] http = {400, 431, 401, 403, 404, 429, 502, 503, 504, 500, 200, 302, 415};
    int[] status = {13, 13, 16, 7, 12, 14, 14, 14, 14, 2, 2, 2, 2};
    for (int i = 0; i < http.length; i++) {
      assertEquals(status[i], GrpcCode.ofHttp(http[i]), "of " + http[i]);
    }
    int[] reset = {13, 13, 13, 13, 13, 2, 13, 14, 1, 13, 13, 8, 7, 2};
    for (ErrorCode code : ErrorCode.values()) {
      assertEquals(reset[code.code()], GrpcCode.ofReset(code), code::toString);
    }
    assertEquals(5, GrpcCode.parse("5"));
    assertEquals(2, GrpcCode.parse(""));
    assertEquals(2, GrpcCode.parse("-1"));
    assertEquals(2, GrpcCode.parse("99999999999"));
  }

  @Test
  void type_mayHaveASuffix() {
    assertTrue(GrpcAnswers.isType("application/grpc"));
    assertTrue(GrpcAnswers.isType("application/grpc+proto"));
    assertTrue(GrpcAnswers.isType("application/grpc; charset=utf-8"));
    assertFalse(GrpcAnswers.isType("application/grpc-web"));
    assertFalse(GrpcAnswers.isType("application/json"));
    assertFalse(GrpcAnswers.isType(""));
  }

  @Test
  void pings_areStrikesIfTheyComeTooSoonAndNothingWasSent() {
    PingStrikes strikes = new PingStrikes();
    for (int i = 0; i < 10; i++) {
      assertFalse(strikes.ping(i), "without a call");
    }
    strikes.call();
    assertFalse(strikes.ping(1000));
    assertFalse(strikes.ping(1001));
    assertFalse(strikes.ping(1002));
    strikes.sent();
    assertFalse(strikes.ping(1003));
    assertFalse(strikes.ping(301_003), "after five minutes");
    assertFalse(strikes.ping(301_004));
    assertFalse(strikes.ping(301_005));
    assertTrue(strikes.ping(301_006));
  }
}
