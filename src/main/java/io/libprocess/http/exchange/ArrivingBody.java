package io.libprocess.http.exchange;

import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.util.ArrayList;
import java.util.List;

/**
 * The pieces of a body whose request has not been passed to the handler yet, because it may be
 * complete with the available bytes, and the byte counts of all bodies of the connection. Used by
 * the thread that works on the connection.
 */
public final class ArrivingBody {

  /** Shorter bodies are not counted as memory, since counting would cost more. */
  public static final int LEAST_COUNTED = 1 << 10;

  private final List<Chunk> pieces = new ArrayList<>(0);
  private long total; // Bytes of all bodies.
  private long whole; // Bytes of the bodies that have arrived completely.

  /** Counts a piece of any body. */
  public void count(Chunk piece) {
    total += piece.size();
  }

  /** Keeps a piece. */
  public void keep(Chunk piece) {
    pieces.add(piece);
  }

  public boolean isEmpty() {
    return pieces.isEmpty();
  }

  /** Returns the kept pieces, and keeps them no longer. */
  public Chunk take() {
    Chunk taken = Chunk.join(pieces);
    pieces.clear();
    return taken;
  }

  /** Drops the kept pieces. */
  public void drop() {
    pieces.clear();
  }

  /** Notes that a body has arrived completely. */
  public void ended() {
    whole = total;
  }

  /** The number of bytes of the bodies that have arrived completely. */
  public long whole() {
    return whole;
  }

  /** Makes a reader of bytes that have arrived completely. */
  public static Pipe.Reader<Chunk> reader(Chunk content) {
    Pipe<Chunk> pipe = Pipe.unbounded();
    pipe.writer().offer(content);
    pipe.writer().close();
    return pipe.reader();
  }
}
