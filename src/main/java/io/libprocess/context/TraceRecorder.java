package io.libprocess.context;

/** Told of the requests that are traced; for instance a {@link TraceBuffer}. */
@FunctionalInterface
public interface TraceRecorder {

  /**
   * Notes a request. Called on whatever thread has ended it, so it must not block; it may drop the
   * record. What it throws is logged.
   */
  void record(TraceRecord record);
}
