package io.libprocess.stream.bytes;

import static java.util.Objects.requireNonNull;

import io.libprocess.stream.Chunk;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.Emitter;
import io.libprocess.stream.stage.Run;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A source that reads a file from its beginning to its end, one piece per requested element; it is
 * opened with the first request. If the next stage takes parts of files, the file is not read but
 * sent by the receiver of the parts: its size is then the one at the time it was opened.
 *
 * <p>One call is made at a time. It leaves its result here and asks for the loop, which does not
 * touch the result before that ({@code call}).
 */
public final class FileSource extends Emitter<Chunk> {

  /**
   * The size of the parts that are sent without being read; if one is read after all, it takes that
   * much memory.
   */
  private static final int LARGEST_PART = 1 << 20;

  private enum Call {
    NONE,
    RUNNING,
    DONE
  }

  private final Path path;
  private final int size;
  private final BlockingCalls calls = BlockingCalls.here();
  private final boolean sendsParts;

  private volatile Call call = Call.NONE;

  // Used by the call, then by the loop.
  private OpenFile file; // Null before it is open.
  private Chunk read; // Null if the call has read nothing.
  private Throwable failure; // Null if the call has not failed.

  // Used only by the loop.
  private long position;
  private long end; // The end of the parts.
  private boolean left; // The file is no longer needed here.

  /** Makes a source that reads up to {@code size} bytes at once. */
  public FileSource(Run<?> run, Downstream<? super Chunk> down, Path path, int size) {
    super(run, down);
    this.path = requireNonNull(path, "path");
    this.size = size;
    this.sendsParts = down.takesFileRegions();
  }

  /** Begins. */
  public void start() {
    begin();
  }

  @Override
  protected void cancelUpstream(Throwable cause) {}

  @Override
  protected void step() {
    for (; ; ) {
      if (call == Call.DONE) {
        call = Call.NONE;
        run().release();
        if (!took()) {
          return;
        }
      }
      if (call == Call.RUNNING || !mayEmit()) {
        return;
      }
      if (sendsParts && file != null) {
        if (!sendPart()) {
          return;
        }
      } else {
        startCall();
        if (call == Call.RUNNING) {
          return;
        }
      }
    }
  }

  /** Makes a call, which holds the run until its result has been looked at. */
  private void startCall() {
    call = Call.RUNNING;
    run().hold();
    try {
      calls.run(this::read);
    } catch (RuntimeException e) {
      call = Call.NONE;
      run().release();
      throw e;
    }
  }

  /** Handles the result of a call; false if that was the end. */
  private boolean took() {
    if (failure != null) {
      fail(failure);
      return false;
    }
    if (read == null) {
      return true; // It was opened.
    }
    Chunk piece = read;
    read = null;
    if (piece.isEmpty()) {
      complete();
      return false;
    }
    if (claim()) {
      down.next(piece);
    } else {
      piece.release();
    }
    return true;
  }

  /** Sends the next part; false at the end. */
  private boolean sendPart() {
    if (position == end) {
      complete();
      return false;
    }
    if (claim()) {
      int count = (int) Math.min(LARGEST_PART, end - position);
      Chunk part = file.part(position, count);
      position += count;
      down.next(part);
    }
    return true;
  }

  /** Opens the file, or reads the next piece. */
  private void read() {
    try {
      if (file == null) {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        file = new OpenFile(channel, calls, run());
        end = channel.size();
      }
      if (!sendsParts) {
        read = readPiece(file.channel());
      }
    } catch (Throwable thrown) {
      failure = thrown;
    }
    call = Call.DONE;
    ask();
  }

  private Chunk readPiece(FileChannel channel) throws IOException {
    ChunkPool.Borrowed borrowed = ChunkPool.shared().borrow();
    Chunk piece = null;
    try {
      borrowed.buffer().limit(Math.min(size, ChunkPool.SIZE));
      int count = 0;
      while (count >= 0 && borrowed.buffer().hasRemaining()) {
        count = channel.read(borrowed.buffer(), position);
        position += Math.max(0, count);
      }
      piece = borrowed.chunk();
      return piece;
    } finally {
      if (piece == null) {
        borrowed.giveBack();
      }
    }
  }

  @Override
  protected void dispose() {
    if (call == Call.RUNNING) {
      return; // It asks for the loop, which then sweeps.
    }
    if (read != null) {
      Elements.release(read);
      read = null;
    }
    if (file != null && !left) {
      left = true;
      file.leave();
    }
    if (call == Call.DONE) {
      call = Call.NONE;
      run().release();
    }
  }

  @Override
  protected void sweep() {
    dispose();
  }
}
