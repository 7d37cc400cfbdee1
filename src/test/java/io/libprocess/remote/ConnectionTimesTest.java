package io.libprocess.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ConnectionTimesTest {

  private final ConnectionTimes times = new ConnectionTimes(1000);

  private void assertTimes(long quiet, long silent, long now) {
    assertEquals(quiet, times.quiet(now));
    assertEquals(silent, times.silent(now));
  }

  @Test
  void newConnection_countsFromItsBeginning() {
    assertTimes(500, 500, 1500);
    times.look(2000, 0, true);
    assertTimes(1500, 1500, 2500);
  }

  @Test
  void connectionThatOwesNothing_isNotSilent() {
    times.look(2000, 0, false);
    assertTimes(1000, 0, 2000);
  }

  @Test
  void request_endsTheQuietButNotTheSilence() {
    times.sent();
    times.look(2000, 0, true);
    assertTimes(0, 1000, 2000);
    times.look(3000, 0, true);
    assertTimes(1000, 2000, 3000);
  }

  @Test
  void answer_endsBoth() {
    times.heard();
    times.look(2000, 0, true);
    assertTimes(0, 0, 2000);
    times.look(3000, 0, true);
    assertTimes(1000, 1000, 3000);
  }

  @Test
  void outputThatMoves_endsBoth() {
    times.look(2000, 7, true);
    assertTimes(0, 0, 2000);
    times.look(3000, 7, true);
    assertTimes(1000, 1000, 3000);
    times.look(4000, 6, true);
    assertTimes(0, 0, 4000);
  }
}
