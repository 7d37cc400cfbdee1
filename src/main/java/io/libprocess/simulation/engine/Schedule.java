package io.libprocess.simulation.engine;

import java.util.List;

/**
 * By which policy steps are chosen.
 *
 * @param kind {@code FIFO}, {@code RANDOM} or {@code PCT}
 * @param changes of PCT: the steps at which priorities change, ascending
 * @param fifo where the oldest is taken, whatever the policy; ascending, and apart
 */
public record Schedule(String kind, long[] changes, List<Block> fifo) {

  /**
   * Some steps.
   *
   * @param from the first of them; the first of a run is 1
   * @param to the first behind them
   */
  public record Block(long from, long to) {}

  ReadyQueue queue(Draws draws) {
    return switch (kind) {
      case "FIFO" -> ReadyQueue.fifo();
      case "RANDOM" -> ReadyQueue.random(draws, fifo);
      case "PCT" -> ReadyQueue.pct(draws, changes, fifo);
      default -> throw new IllegalArgumentException("no policy: " + kind);
    };
  }
}
