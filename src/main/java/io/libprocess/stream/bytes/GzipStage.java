package io.libprocess.stream.bytes;

import io.libprocess.stream.Chunk;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Run;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * A stage that compresses with gzip (RFC 1952), into blocks of 16 KiB. If the stream is live, the
 * output up to a chunk can be decompressed by itself, and comes out before the next chunk is
 * requested.
 */
public final class GzipStage extends ByteStage {

  // The magic number, deflate, no flags, no time, no extra flags, an unknown system.
  private static final byte[] HEADER = {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0, 0, (byte) 0xFF};
  private static final int TRAILER_SIZE = 8;

  private final Blocks blocks = new Blocks(ChunkPool.shared());
  private final Deflater deflater;
  private final CRC32 sum = new CRC32();
  private final boolean live;
  private Chunk input; // Not used up; null if there is none.
  private boolean begun;
  private boolean finishing;
  private boolean ended;

  /**
   * Makes a stage that compresses.
   *
   * @param level the level, from 0 to 9
   */
  public GzipStage(Run<?> run, Downstream<? super Chunk> down, int level, boolean live) {
    super(run, down);
    this.live = live;
    deflater = new Deflater(level, true);
  }

  @Override
  void feed(Chunk chunk) {
    input = chunk;
    ByteBuffer bytes = chunk.asByteBuffer();
    sum.update(bytes.duplicate());
    deflater.setInput(bytes);
  }

  @Override
  void finish() {
    finishing = true;
    deflater.finish();
  }

  @Override
  Chunk make() {
    if (ended) {
      return null;
    }
    ByteBuffer block = blocks.block();
    if (!begun) {
      begun = true;
      block.put(HEADER);
    }
    int size = 1;
    while (size > 0 && block.hasRemaining()) {
      size = deflater.deflate(block, live && !finishing ? Deflater.SYNC_FLUSH : Deflater.NO_FLUSH);
    }
    if (block.hasRemaining()) {
      releaseInput(); // It is used up.
      if (!finishing && !live) {
        return null;
      }
    }
    if (finishing && deflater.finished() && block.remaining() >= TRAILER_SIZE) {
      ended = true;
      block
          .order(ByteOrder.LITTLE_ENDIAN)
          .putInt((int) sum.getValue())
          .putInt((int) deflater.getBytesRead());
    }
    Chunk made = blocks.take();
    return made.isEmpty() ? null : made;
  }

  private void releaseInput() {
    if (input != null) {
      Chunk used = input;
      input = null;
      used.release();
    }
  }

  @Override
  void close() {
    releaseInput();
    deflater.end();
    blocks.close();
  }
}
