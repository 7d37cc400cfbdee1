package io.libprocess.simulation.example;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is on the disk of a host, whatever happens to its power. */
@Timeout(300) // Of a machine with much else to do.
class JournalTest {

  @Test
  void whatWasAnswered_isThere() {
    LongMode.explore(
        "a log on a disk",
        60,
        20_000,
        Journal.config(),
        world -> Journal.run(world, DurableLog.Bug.NONE));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void bug_isFound(DurableLog.Bug bug) {
    Planted.isFound(
        bug.toString(),
        Journal.config(),
        world -> Journal.run(world, bug),
        failure ->
            assertTrue(
                failure.equals("check \"what was answered is there\"")
                    || failure.equals("check \"what is there was appended\""),
                failure));
  }
}
