package io.libprocess.service.filter;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.service.support.Ending;
import java.util.function.Consumer;

/**
 * A request that several callers share. The lock guards how many callers there are; futures are
 * discarded and completed without it. After the last caller has left, or the end, none can join.
 *
 * @param <R> the type of the response
 */
final class SharedRequest<R> implements CheckedConsumer<Future<R>> {

  private final Promise<R> response = Promise.undiscardable();
  private final Consumer<SharedRequest<R>> whenOver;

  // Guarded by this.
  private int callers;
  private boolean over;
  private Future<R> shared; // Null until the request is sent.

  /**
   * Makes a request without callers.
   *
   * @param whenOver called, perhaps several times, when no caller can join any more
   */
  SharedRequest(Consumer<SharedRequest<R>> whenOver) {
    this.whenOver = whenOver;
  }

  /** The response for one more caller; null if it is too late to join. */
  Future<R> join() {
    synchronized (this) {
      if (over) {
        return null;
      }
      callers++;
    }
    return response.future().discardable().onDiscard(this::leave);
  }

  private void leave() {
    Future<R> unwanted;
    synchronized (this) {
      callers--;
      if (callers > 0 || over) {
        return;
      }
      over = true;
      unwanted = shared;
    }
    whenOver.accept(this);
    if (unwanted != null) {
      unwanted.discard();
    }
  }

  /** The request was sent. */
  void start(Future<R> sent) {
    boolean late;
    synchronized (this) {
      shared = sent;
      late = over;
    }
    Ending.of(sent, this); // No lambda: there may be no stack to link one.
    if (late) {
      sent.discard();
    }
  }

  /** The request is over. */
  @Override
  public void accept(Future<R> outcome) {
    synchronized (this) {
      over = true;
    }
    whenOver.accept(this);
    if (outcome.isReady()) {
      response.set(outcome.get());
    } else if (outcome.isFailed()) {
      response.fail(outcome.failure());
    } else if (outcome.isDiscarded()) {
      response.discard();
    } else {
      response.abandon();
    }
  }
}
