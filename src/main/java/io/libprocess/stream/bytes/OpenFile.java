package io.libprocess.stream.bytes;

import io.libprocess.internal.Log;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.FileRegion;
import io.libprocess.stream.stage.Run;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file that is read, and those who need it to be open: the source, and each chunk that is a part
 * of it. The last one closes it. It holds the run of the source until then.
 */
final class OpenFile {

  private final FileChannel channel;
  private final BlockingCalls calls;
  private final Run<?> run;
  private final AtomicInteger users = new AtomicInteger(1);

  /** A file with one user. */
  OpenFile(FileChannel channel, BlockingCalls calls, Run<?> run) {
    this.channel = channel;
    this.calls = calls;
    this.run = run;
    run.hold();
  }

  FileChannel channel() {
    return channel;
  }

  /** A part of the file, which is a user of it. */
  Chunk part(long position, int count) {
    FileRegion region = new FileRegion(channel, position, count);
    users.incrementAndGet();
    return Chunk.of(region, this::leave);
  }

  /** One user needs it no more. */
  void leave() {
    if (users.decrementAndGet() == 0) {
      calls.runAnyhow(this::close);
    }
  }

  private void close() {
    try {
      channel.close();
    } catch (IOException e) {
      Log.debug("Closing a file that was read failed", e);
    } finally {
      run.release();
    }
  }
}
