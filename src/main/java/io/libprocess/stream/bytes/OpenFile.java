package io.libprocess.stream.bytes;

import io.libprocess.internal.Log;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.FileRegion;
import io.libprocess.stream.stage.Run;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An open file with a count of its users: the source, and each chunk that is a part of it. The last
 * one closes it. It holds the run of the source until then.
 */
final class OpenFile {

  private final FileChannel channel;
  private final BlockingCalls calls;
  private final Run<?> run;
  private final AtomicInteger users = new AtomicInteger(1);

  /** Makes a file with one user. */
  OpenFile(FileChannel channel, BlockingCalls calls, Run<?> run) {
    this.channel = channel;
    this.calls = calls;
    this.run = run;
    run.hold();
  }

  FileChannel channel() {
    return channel;
  }

  /** Makes a part of the file, which is another user of it. */
  Chunk part(long position, int count) {
    FileRegion region = new FileRegion(channel, position, count);
    users.incrementAndGet();
    return Chunk.of(region, this::leave);
  }

  /** Removes a user. */
  void leave() {
    if (users.decrementAndGet() == 0) {
      calls.runAnyhow(this::close);
    }
  }

  private void close() {
    try {
      channel.close();
    } catch (IOException e) {
      Log.debug("A file that was read could not be closed", e);
    } finally {
      run.release();
    }
  }
}
