package io.libprocess.http.http2;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.libprocess.http.Limits;
import io.libprocess.http.http2.frame.ErrorCode;
import io.libprocess.http.http2.frame.Http2Exception;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class AbuseGuardTest {

  private static final int RESETS = 100;
  private static final int ODDITIES = 1000;

  private final AbuseGuard guard =
      new AbuseGuard(Limits.Http2.defaults().withResets(RESETS, 33).withOddities(ODDITIES, 330), 0);

  private static void times(int count, Executable action) {
    for (int i = 0; i < count; i++) {
      assertDoesNotThrow(action);
    }
  }

  private static void endsWith(String rule, Executable action) {
    Http2Exception e = assertThrows(Http2Exception.class, action);
    assertEquals(ErrorCode.ENHANCE_YOUR_CALM, e.code());
    assertEquals(0, e.stream());
    assertEquals(rule, e.getMessage());
  }

  @Test
  void resets_areLimitedAtOnceAndPerSecond() {
    Executable now = () -> guard.reset(10, false, 0);
    times(RESETS, now);
    endsWith("too many streams are reset", now);
    Executable later = () -> guard.reset(10, false, 1000);
    times(33, later);
    endsWith("too many streams are reset", later);
    times(RESETS, () -> guard.reset(10, false, 1_000_000));
    endsWith("too many streams are reset", () -> guard.reset(10, false, 1_000_000));
  }

  @Test
  void resets_ofOldOrAnsweredStreamsAreFree() {
    times(10 * RESETS, () -> guard.reset(1000, false, 0));
    times(10 * RESETS, () -> guard.reset(0, true, 0));
    times(RESETS, () -> guard.reset(999, false, 0));
    endsWith("too many streams are reset", () -> guard.reset(999, false, 0));
  }

  @Test
  void framesThatCarryNothing_areLimitedTogether() {
    int[] types = {2, 4, 6, 16, 77};
    for (int type : types) {
      times(ODDITIES / 5, () -> guard.frame(type, 8, 0, 0));
    }
    endsWith("too many PING", () -> guard.frame(6, 8, 0, 0));
    endsWith("too many SETTINGS", () -> guard.frame(4, 8, 0, 0));
    endsWith("too many changes of priorities", () -> guard.frame(2, 8, 0, 0));
    endsWith("too many frames of unknown types", () -> guard.frame(77, 8, 0, 0));
    endsWith("too many empty frames of headers", () -> guard.frame(1, 0, 0, 0));
    times(330, () -> guard.frame(6, 8, 0, 1000));
    endsWith("too many PING", () -> guard.frame(6, 8, 0, 1000));
  }

  @Test
  void framesThatCarrySomething_areFree() {
    times(2 * ODDITIES, () -> guard.frame(1, 1, 0, 0));
    times(2 * ODDITIES, () -> guard.frame(9, 0, 4, 0));
    times(2 * ODDITIES, () -> guard.frame(3, 4, 0, 0));
    times(2 * ODDITIES, () -> guard.data(1, 1, false, 0));
    times(2 * ODDITIES, () -> guard.data(1, 0, true, 0));
    times(ODDITIES, () -> guard.frame(6, 8, 0, 0));
  }

  @Test
  void emptyData_isLimitedInARowOnOneStream() {
    Executable empty = () -> guard.data(1, 0, false, 0);
    times(10, empty);
    guardData(1);
    times(10, empty);
    guardData(3);
    endsWith("more than 10 empty frames of DATA in a row", empty);
  }

  private void guardData(int stream) {
    assertDoesNotThrow(() -> guard.data(stream, 1, false, 0));
  }

  @Test
  void emptyData_onManyStreamsIsLimited() {
    int[] stream = {1};
    Executable empty = () -> guard.data(stream[0] += 2, 0, false, 0);
    times(ODDITIES, empty);
    endsWith("too many empty frames of DATA", empty);
  }

  @Test
  void windowUpdates_areFreeAsFarAsTheyAreOfUse() {
    times(3, guard::streamOpened);
    times(2, guard::dataSent);
    Executable update = () -> guard.windowUpdate(0);
    times(5 + 2 * (3 + 20) + ODDITIES, update);
    endsWith("too many updates of windows", update);
  }
}
