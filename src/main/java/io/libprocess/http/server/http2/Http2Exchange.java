package io.libprocess.http.server.http2;

import io.libprocess.http.Request;
import io.libprocess.http.exchange.Exchange;
import io.libprocess.http.exchange.ServerContext;
import io.libprocess.internal.MemoryBudget;

/**
 * The exchange of a stream. A stream may be reset while the handler works on; the handler then
 * keeps its place until its future has ended, so that a client cannot start more handlers by
 * resetting streams.
 */
final class Http2Exchange extends Exchange {

  final Http2Stream stream;

  boolean holdsPlace; // Counts as a running handler. Used by the thread that works.
  private boolean dropped; // Likewise.
  private volatile boolean late; // The handler's future has ended after the exchange was dropped.

  Http2Exchange(
      ServerContext server, Http2Stream stream, Request request, MemoryBudget.Share memory) {
    super(server, request, memory);
    this.stream = stream;
  }

  @Override
  public void answered() {
    stream.askAtEnd();
  }

  @Override
  public void answeredTooLate() {
    late = true;
    stream.askAtEnd();
  }

  /** Whether the handler's future has ended. */
  boolean isOver() {
    return dropped ? late : response() != null;
  }

  /** Gives up: the stream has ended without the response. */
  void abandon() {
    dropped = true;
    if (drop()) {
      late = true;
    }
  }
}
