package io.libprocess.stream.bytes;

import io.libprocess.stream.Chunk;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Run;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** A stage that makes chunks of one size; the last one may be smaller. */
public final class RechunkStage extends ByteStage {

  private final int size;
  private final ArrayDeque<Chunk> held = new ArrayDeque<>();
  private long total; // The size of the held chunks.
  private boolean finished;

  /**
   * Makes a stage.
   *
   * @param size the size of the chunks, at least 1
   */
  public RechunkStage(Run<?> run, Downstream<? super Chunk> down, int size) {
    super(run, down);
    this.size = size;
  }

  @Override
  void feed(Chunk chunk) {
    held.add(chunk);
    total += chunk.size();
  }

  @Override
  void finish() {
    finished = true;
  }

  @Override
  Chunk make() {
    if (total >= size) {
      return take(size);
    }
    return finished && total > 0 ? take((int) total) : null;
  }

  private Chunk take(int count) {
    List<Chunk> parts = new ArrayList<>();
    total -= count;
    for (int left = count; left > 0; ) {
      Chunk first = held.remove();
      if (first.size() <= left) {
        parts.add(first);
      } else {
        parts.add(first.slice(0, left));
        held.addFirst(first.slice(left, first.size()));
        first.release();
      }
      left -= Math.min(left, first.size());
    }
    if (parts.size() == 1) {
      return parts.get(0);
    }
    Chunk joined = Chunk.join(parts);
    parts.forEach(Chunk::release);
    return joined;
  }

  @Override
  void close() {
    held.forEach(Chunk::release);
    held.clear();
  }
}
