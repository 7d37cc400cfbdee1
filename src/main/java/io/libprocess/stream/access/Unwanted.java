package io.libprocess.stream.access;

import io.libprocess.stream.Chunk;
import io.libprocess.stream.Stream;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Run;
import io.libprocess.stream.stage.Source;
import io.libprocess.stream.stage.Start;
import io.libprocess.stream.stage.Upstream;

/** The end of an unwanted stream: cancels it before it has done anything. */
public final class Unwanted extends Downstream<Chunk> {

  private final Run<Void> run = new Run<>();

  private Unwanted() {}

  /** Cancels a stream, unless it is in use. */
  public static void cancel(Stream<Chunk> stream) {
    Source<Chunk> source;
    try {
      source = Streams.source(stream);
    } catch (IllegalStateException used) {
      return; // Its user is responsible for it.
    }
    Unwanted end = new Unwanted();
    Start.source(source, end.run, end);
    end.run.discard();
  }

  @Override
  public void begin(Upstream up) {
    up.cancel(null);
  }

  @Override
  public void next(Chunk piece) {
    piece.release();
  }

  @Override
  public void complete() {}

  @Override
  public void fail(Throwable failure) {}
}
