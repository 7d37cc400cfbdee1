package io.libprocess.stream.bytes;

import static java.util.Objects.requireNonNull;

import io.libprocess.stream.Chunk;
import io.libprocess.stream.FileMode;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.Run;
import io.libprocess.stream.stage.SinkStage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * A sink that writes bytes to a file, which is opened with the first of them or at the end; the
 * result is their number. Chunks that arrive while a call writes are written together by the next
 * one. While half of 64 KiB is free, another chunk is requested.
 *
 * <p>One call is made at a time ({@code busy}); it goes on as long as there is work. The lock
 * guards the fields; nothing is called under it. The cleanup after the sink was given up is the
 * next step of the call, and the run is held until then.
 */
public final class FileSink extends SinkStage<Chunk, Long> {

  private static final long CAPACITY = 64 << 10;

  private final BlockingCalls calls = BlockingCalls.here();
  private final FileTarget target; // Used only inside calls.

  // Guarded by the monitor of this.
  private final ArrayDeque<Chunk> ready = new ArrayDeque<>();
  private long held; // The size of the chunks that are ready or being written.
  private boolean asked; // For a chunk that has not come.
  private boolean busy;
  private boolean ending;
  private boolean givenUp;

  private long written; // Used only inside calls.

  /** Makes a sink that writes to a file. */
  public FileSink(Run<Long> run, Path path, FileMode mode) {
    super(run);
    target = new FileTarget(requireNonNull(path, "path"), requireNonNull(mode, "mode"));
  }

  @Override
  protected void started() {
    askForMore();
  }

  private void askForMore() {
    synchronized (this) {
      if (asked || ending || givenUp || held > CAPACITY / 2) {
        return;
      }
      asked = true;
    }
    request(1);
  }

  @Override
  public void next(Chunk chunk) {
    boolean late;
    boolean enters = false;
    synchronized (this) {
      asked = false;
      late = givenUp;
      if (!late) {
        ready.add(chunk);
        held += chunk.size();
        enters = !busy;
        busy = true;
      }
    }
    if (late) {
      chunk.release();
      return;
    }
    if (enters) {
      start();
    }
    askForMore();
  }

  private void start() {
    try {
      calls.run(this::work);
    } catch (RuntimeException e) {
      stop(e);
      work(); // Cleans up.
    }
  }

  @Override
  protected void ending() {
    boolean enters;
    synchronized (this) {
      ending = true;
      enters = !busy;
      busy = true;
    }
    if (enters) {
      start();
    }
  }

  @Override
  protected void dropped(Throwable cause) {
    boolean enters;
    run().hold();
    synchronized (this) {
      givenUp = true;
      enters = !busy;
      busy = true;
    }
    if (enters) {
      calls.runAnyhow(this::work);
    }
  }

  /** Does the pending work. */
  private void work() {
    for (; ; ) {
      List<Chunk> batch;
      boolean last;
      boolean over;
      synchronized (this) {
        over = givenUp;
        last = ending && ready.isEmpty();
        if (!over && !last && ready.isEmpty()) {
          busy = false;
          return;
        }
        batch = new ArrayList<>(ready);
        ready.clear();
      }
      if (over) {
        Elements.releaseAll(batch);
        abandon();
        return;
      }
      if (last) {
        finish();
        return;
      }
      write(batch);
    }
  }

  private void write(List<Chunk> batch) {
    long size = 0;
    try {
      ByteBuffer[] buffers = new ByteBuffer[batch.size()];
      for (int i = 0; i < buffers.length; i++) {
        buffers[i] = batch.get(i).asByteBuffer();
        size += buffers[i].remaining();
      }
      target.open();
      target.write(buffers);
      written += size;
    } catch (Throwable thrown) {
      stop(thrown);
    } finally {
      Elements.releaseAll(batch);
    }
    synchronized (this) {
      held -= size;
    }
    askForMore();
  }

  private void finish() {
    try {
      target.open();
      target.finish();
    } catch (Throwable thrown) {
      stop(thrown);
      abandon();
      return;
    }
    succeed(written);
  }

  private void abandon() {
    try {
      target.abandon();
    } catch (Throwable thrown) {
      run().note(thrown);
    } finally {
      run().release();
    }
  }
}
