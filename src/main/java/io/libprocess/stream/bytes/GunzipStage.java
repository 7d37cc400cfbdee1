package io.libprocess.stream.bytes;

import io.libprocess.future.Failure;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Run;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * A stage that decompresses gzip (RFC 1952), one block of up to 16 KiB per request, so that a few
 * bytes which expand to very many never need much memory. Each member is checked by its checksum
 * and length.
 *
 * <pre>
 *   HEADER -> DATA -> TRAILER -> BEHIND -> HEADER, if there may be several members
 * </pre>
 */
public final class GunzipStage extends ByteStage {

  private enum State {
    HEADER,
    DATA,
    TRAILER,
    BEHIND
  }

  private final Blocks blocks = new Blocks(ChunkPool.shared());
  private final Inflater inflater = new Inflater(true);
  private final CRC32 sum = new CRC32();
  private final GzipHeader header = new GzipHeader();
  private final GzipTrailer trailer = new GzipTrailer();
  private final long most;
  private final boolean members;

  private State state = State.HEADER;
  private long made;
  private Chunk chunk; // Not used up; null if there is none.
  private ByteBuffer input; // Of the chunk; null if there is none.

  /**
   * Makes a stage that decompresses.
   *
   * @param most how many bytes may come out
   * @param members whether several compressed parts may follow each other
   */
  public GunzipStage(Run<?> run, Downstream<? super Chunk> down, long most, boolean members) {
    super(run, down);
    this.most = most;
    this.members = members;
  }

  @Override
  void feed(Chunk next) {
    chunk = next;
    input = next.asByteBuffer();
  }

  @Override
  void finish() throws ZipException {
    if (state != State.BEHIND) {
      throw new ZipException("gzip ends early");
    }
  }

  @Override
  Chunk make() throws ZipException {
    Chunk block = null;
    while (block == null && input != null && (input.hasRemaining() || state == State.DATA)) {
      switch (state) {
        case HEADER -> {
          if (header.parse(input)) {
            state = State.DATA;
            sum.reset();
          }
        }
        case DATA -> {
          block = inflate();
          if (block == null && state == State.DATA) {
            releaseInput();
          }
        }
        case TRAILER -> {
          if (trailer.parse(input)) {
            trailer.check((int) sum.getValue(), (int) inflater.getBytesWritten());
            state = State.BEHIND;
          }
        }
        case BEHIND -> {
          if (!members) {
            throw new ZipException("there are bytes after the end of gzip");
          }
          header.reset();
          inflater.reset();
          state = State.HEADER;
        }
      }
    }
    if (block == null) {
      releaseInput();
    }
    return block;
  }

  /** Inflates some bytes; null if input is needed, or the data has ended. */
  private Chunk inflate() throws ZipException {
    ByteBuffer block = blocks.block();
    inflater.setInput(input);
    try {
      for (int size = 1; size > 0 && block.hasRemaining(); ) {
        size = inflater.inflate(block);
      }
    } catch (DataFormatException e) {
      throw illegal(e);
    }
    if (inflater.needsDictionary()) {
      throw illegal(null);
    }
    if (inflater.finished()) {
      state = State.TRAILER;
    }
    Chunk taken = blocks.take();
    if (taken.isEmpty()) {
      return null;
    }
    sum.update(taken.asByteBuffer());
    made += taken.size();
    if (made > most) {
      taken.release();
      throw new Failure("more than " + most + " bytes come out of gzip");
    }
    return taken;
  }

  private static ZipException illegal(DataFormatException cause) {
    ZipException failure = new ZipException("illegal data in gzip");
    failure.initCause(cause);
    return failure;
  }

  private void releaseInput() {
    if (chunk != null) {
      Chunk used = chunk;
      chunk = null;
      input = null;
      used.release();
    }
  }

  @Override
  void close() {
    releaseInput();
    inflater.end();
    blocks.close();
  }
}
