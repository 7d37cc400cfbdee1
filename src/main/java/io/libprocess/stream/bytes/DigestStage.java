package io.libprocess.stream.bytes;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.FusedStage;
import java.security.MessageDigest;

/** A stage that passes chunks on, and reports the digest of all of them when they end. */
public final class DigestStage extends FusedStage<Chunk, Chunk> {

  private final MessageDigest digest;
  private final CheckedConsumer<? super Chunk> told;

  /** Makes a stage that feeds a digest. */
  public DigestStage(
      Downstream<? super Chunk> down, MessageDigest digest, CheckedConsumer<? super Chunk> told) {
    super(down);
    this.digest = digest;
    this.told = told;
  }

  @Override
  public void next(Chunk chunk) {
    if (done) {
      chunk.release();
      return;
    }
    digest.update(chunk.asByteBuffer());
    down.next(chunk);
  }

  @Override
  public void complete() {
    if (done) {
      return;
    }
    try {
      told.accept(Chunk.of(digest.digest()));
    } catch (Throwable thrown) {
      fail(thrown);
      return;
    }
    super.complete();
  }
}
