package io.libprocess.stream.stage;

import io.libprocess.future.Future;

/** Starts sources. May be used by any thread. */
public final class Start {

  private static final Upstream NONE =
      new Upstream() {
        @Override
        public void request(long count) {}

        @Override
        public void cancel(Throwable cause) {}
      };

  private Start() {}

  /** Starts a source; if that fails, {@code down} receives the failure. */
  public static <T> void source(Source<? extends T> source, Run<?> run, Downstream<T> down) {
    try {
      source.start(run, down);
    } catch (Throwable thrown) {
      down.begin(NONE);
      down.fail(thrown);
    }
  }

  /** Starts a source that fills a sink; returns the result. */
  public static <T, R> Future<R> flow(Source<? extends T> source, Drain<T, R> drain) {
    Run<R> run = new Run<>();
    try {
      source.start(run, drain.stage(run));
    } catch (Throwable thrown) {
      run.abort(thrown);
    }
    return run.future();
  }
}
