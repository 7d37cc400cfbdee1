package io.libprocess.simulation.engine;

/**
 * By which policy steps are chosen.
 *
 * @param kind {@code FIFO}, {@code RANDOM} or {@code PCT}
 * @param changes of PCT: the steps at which priorities change, ascending
 * @param fifoAfter from which step on the oldest is taken, whatever the policy
 */
public record Schedule(String kind, long[] changes, long fifoAfter) {

  ReadyQueue queue(Draws draws) {
    return switch (kind) {
      case "FIFO" -> ReadyQueue.fifo();
      case "RANDOM" -> ReadyQueue.random(draws, fifoAfter);
      case "PCT" -> ReadyQueue.pct(draws, changes, fifoAfter);
      default -> throw new IllegalArgumentException("no policy: " + kind);
    };
  }
}
