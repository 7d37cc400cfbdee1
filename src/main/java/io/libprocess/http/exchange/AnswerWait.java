package io.libprocess.http.exchange;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.CheckedRunnable;
import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Response;

/**
 * Waits for a handler's future on behalf of an exchange. The future may be pending for long after
 * the client has gone, if it depends on something that ignores discard requests; so it must not
 * keep the exchange, and with it the connection.
 */
final class AnswerWait implements CheckedConsumer<Future<Response>>, CheckedRunnable {

  private final Future<Response> future;
  private volatile Exchange exchange; // Null when nobody wants the answer.

  AnswerWait(Exchange exchange, Future<Response> future) {
    this.exchange = exchange;
    this.future = future;
  }

  void begin() {
    future.onAny(this).onAbandoned(this);
  }

  /** Asks the handler to stop. */
  void discard() {
    future.discard();
  }

  /** Forgets the exchange: an answer that comes later is only released. */
  void letGo() {
    exchange = null;
  }

  /** The handler's future is completed. */
  @Override
  public void accept(Future<Response> done) {
    Exchange wanted = exchange;
    if (wanted != null) {
      wanted.accept(done);
    } else if (done.isReady()
        && done.get() != null
        && done.get().body() instanceof Body.Streamed streamed) {
      streamed.refuse();
    }
  }

  /** The handler's future is abandoned. */
  @Override
  public void run() {
    Exchange wanted = exchange;
    if (wanted != null) {
      wanted.abandoned();
    }
  }
}
