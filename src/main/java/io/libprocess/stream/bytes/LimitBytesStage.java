package io.libprocess.stream.bytes;

import io.libprocess.future.Failure;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.FusedStage;

/** A stage that passes chunks on, and fails if they have too many bytes. */
public final class LimitBytesStage extends FusedStage<Chunk, Chunk> {

  private final long most;
  private long size;

  /** Makes a stage with a limit, 0 or more. */
  public LimitBytesStage(Downstream<? super Chunk> down, long most) {
    super(down);
    this.most = most;
  }

  @Override
  public boolean takesFileRegions() {
    return down.takesFileRegions();
  }

  @Override
  public void next(Chunk chunk) {
    size += chunk.size();
    if (done || size > most) {
      chunk.release();
      if (!done) {
        failed(new Failure("more than " + most + " bytes"));
      }
      return;
    }
    down.next(chunk);
  }
}
