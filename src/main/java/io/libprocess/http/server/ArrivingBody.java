package io.libprocess.http.server;

import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.util.ArrayList;
import java.util.List;

/**
 * The pieces of a body whose request was not given to the handler yet, because it may be complete
 * with the bytes at hand, and the count of all bodies of the connection. Of the thread that works
 * on the connection.
 */
final class ArrivingBody {

  private final List<Chunk> pieces = new ArrayList<>(0);
  private long total; // Bytes of all bodies.
  private long whole; // Of those of them that have arrived as a whole.

  /** Counts a piece of any body. */
  void count(Chunk piece) {
    total += piece.size();
  }

  /** Keeps a piece. */
  void keep(Chunk piece) {
    pieces.add(piece);
  }

  boolean isEmpty() {
    return pieces.isEmpty();
  }

  /** What was kept, which is kept no longer. */
  Chunk take() {
    Chunk taken = Chunk.join(pieces);
    pieces.clear();
    return taken;
  }

  /** Lets go of what was kept. */
  void drop() {
    pieces.clear();
  }

  /** A body has arrived as a whole. */
  void ended() {
    whole = total;
  }

  /** How many bytes the bodies had that have arrived as a whole. */
  long whole() {
    return whole;
  }

  /** A stream of bytes that are all there. */
  static Pipe.Reader<Chunk> reader(Chunk content) {
    Pipe<Chunk> pipe = Pipe.unbounded();
    pipe.writer().offer(content);
    pipe.writer().close();
    return pipe.reader();
  }
}
