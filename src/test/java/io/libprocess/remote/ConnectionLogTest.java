package io.libprocess.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.support.LogCapture;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionLogTest {

  private final ConnectionLog log = new ConnectionLog();

  private void warn(long now, int count) {
    for (int i = 0; i < count; i++) {
      int number = i;
      log.warn(now, () -> "line " + number);
    }
  }

  @Test
  void manyAtOnce_areCountedInTheNextPeriod() {
    long start = Long.MAX_VALUE - 5; // Clocks may begin anywhere.
    try (LogCapture captured = new LogCapture()) {
      warn(start, ConnectionLog.MOST);
      warn(start + ConnectionLog.PERIOD_NANOS - 1, 1000);
      assertEquals(ConnectionLog.MOST, captured.warnings().size());
      warn(start + ConnectionLog.PERIOD_NANOS, 1);
      warn(start + 3 * ConnectionLog.PERIOD_NANOS, 1);

      List<String> expected = new ArrayList<>();
      for (int i = 0; i < ConnectionLog.MOST; i++) {
        expected.add("line " + i);
      }
      expected.add("1000 more warnings about connections to other nodes left out");
      expected.add("line 0");
      expected.add("line 0");
      assertEquals(expected, captured.warnings());
    }
  }

  @Test
  void eachPeriod_hasItsLinesAndTellsHowManyWereLeftOutBefore() {
    int most = ConnectionLog.MOST;
    int[] lines = {1, most + 1, most + 2, most, most};
    String[] leftOut = {null, null, "1 more warning", "2 more warnings", null};
    for (int period = 0; period < lines.length; period++) {
      List<String> expected = new ArrayList<>();
      if (leftOut[period] != null) {
        expected.add(leftOut[period] + " about connections to other nodes left out");
      }
      for (int i = 0; i < Math.min(lines[period], most); i++) {
        expected.add("line " + i);
      }
      try (LogCapture captured = new LogCapture()) {
        warn(period * ConnectionLog.PERIOD_NANOS, lines[period]);
        assertEquals(expected, captured.warnings());
      }
    }
  }
}
