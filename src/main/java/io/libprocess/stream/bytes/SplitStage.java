package io.libprocess.stream.bytes;

import io.libprocess.future.Failure;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Run;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A stage that cuts its input at each occurrence of a delimiter, which is left out. The bytes after
 * the last one are the last piece, if there are any. (The delimiter is found by the algorithm of
 * Knuth, Morris and Pratt, so no byte is looked at twice.)
 */
public final class SplitStage extends ByteStage {

  private static final int FIRST_CAPACITY = 256;

  private final byte[] delimiter;
  private final int[] fallback; // How many bytes still match if the next one does not.
  private final int most;

  private Chunk chunk; // Not used up; null if there is none.
  private ByteBuffer bytes; // Of the chunk.
  private int start; // Where the piece continues in the chunk.
  private int next; // The next byte to look at.
  private byte[] held = new byte[FIRST_CAPACITY]; // The piece's bytes from earlier chunks.
  private int heldSize;
  private int matched; // How much of the delimiter the piece ends with.
  private boolean finished;

  /**
   * Makes a stage.
   *
   * @param delimiter the delimiter, at least one byte
   * @param most the longest piece
   */
  public SplitStage(Run<?> run, Downstream<? super Chunk> down, byte[] delimiter, int most) {
    super(run, down);
    this.delimiter = delimiter;
    this.most = most;
    this.fallback = fallback(delimiter);
  }

  private static int[] fallback(byte[] delimiter) {
    int[] table = new int[delimiter.length];
    int length = 0;
    for (int i = 1; i < delimiter.length; i++) {
      while (length > 0 && delimiter[i] != delimiter[length]) {
        length = table[length - 1];
      }
      if (delimiter[i] == delimiter[length]) {
        length++;
      }
      table[i] = length;
    }
    return table;
  }

  @Override
  void feed(Chunk arrived) {
    chunk = arrived;
    bytes = arrived.asByteBuffer();
    start = 0;
    next = 0;
  }

  @Override
  void finish() {
    finished = true;
  }

  @Override
  Chunk make() {
    if (chunk == null) {
      return finished && heldSize > 0 ? takeHeld(heldSize) : null;
    }
    while (next < chunk.size()) {
      match(bytes.get(next++));
      int size = heldSize + next - start - matched;
      if (size > most) {
        throw new Failure("no delimiter within " + most + " bytes");
      }
      if (matched == delimiter.length) {
        return piece(size);
      }
    }
    hold();
    release();
    return null;
  }

  private void match(byte value) {
    while (matched > 0 && delimiter[matched] != value) {
      matched = fallback[matched - 1];
    }
    if (delimiter[matched] == value) {
      matched++;
    }
  }

  private Chunk piece(int size) {
    matched = 0;
    Chunk piece;
    if (heldSize == 0) {
      piece = chunk.slice(start, start + size);
    } else {
      hold();
      piece = takeHeld(size);
    }
    start = next;
    return piece;
  }

  /** Keeps the bytes that were looked at and belong to the piece. */
  private void hold() {
    int more = next - start;
    if (heldSize + more > held.length) {
      held = Arrays.copyOf(held, Math.max(heldSize + more, 2 * held.length));
    }
    bytes.get(start, held, heldSize, more);
    heldSize += more;
    start = next;
  }

  private Chunk takeHeld(int size) {
    Chunk taken = Chunk.of(Arrays.copyOf(held, size));
    heldSize = 0;
    return taken;
  }

  private void release() {
    if (chunk != null) {
      Chunk used = chunk;
      chunk = null;
      bytes = null;
      used.release();
    }
  }

  @Override
  void close() {
    release();
  }
}
