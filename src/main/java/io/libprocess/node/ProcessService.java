package io.libprocess.node;

import io.libprocess.UPID;
import io.libprocess.actor.ProcessCell;
import io.libprocess.future.CheckedBiFunction;
import io.libprocess.future.CheckedFunction;
import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceStatus;
import java.util.function.Function;

/** A process of this node as a service: each request is an event of it. */
public final class ProcessService<P, Q, R> implements Service<Q, R> {

  private final UPID pid;
  private final ProcessCell cell;
  private final Function<CheckedFunction<P, Future<R>>, Future<R>> call;
  private final CheckedBiFunction<? super P, ? super Q, Future<R>> function;

  /**
   * Makes a service.
   *
   * @param cell that of the process
   * @param call calls functions in the process
   * @param function what the process does for a request
   */
  public ProcessService(
      UPID pid,
      ProcessCell cell,
      Function<CheckedFunction<P, Future<R>>, Future<R>> call,
      CheckedBiFunction<? super P, ? super Q, Future<R>> function) {
    this.pid = pid;
    this.cell = cell;
    this.call = call;
    this.function = function;
  }

  @Override
  public Future<R> apply(Q request) {
    Delivery delivery = new Delivery(request);
    return call.apply(delivery).recover(delivery::withoutValue);
  }

  /** One request on its way to the process. */
  private final class Delivery implements CheckedFunction<P, Future<R>> {

    private final Q request;
    private volatile boolean arrived;

    Delivery(Q request) {
      this.request = request;
    }

    @Override
    public Future<R> apply(P process) throws Exception {
      arrived = true;
      return function.apply(process, request);
    }

    /** The outcome for the caller in place of one without a value. */
    Future<R> withoutValue(Future<R> outcome) {
      if (outcome.isDiscarded()) {
        return outcome;
      }
      Throwable failure = outcome.isFailed() ? outcome.failure() : new Failure(text());
      return arrived
          ? Future.failed(failure)
          : Future.failed(FlaggedFailure.with(failure, FailureFlag.RETRYABLE));
    }

    private String text() {
      return arrived
          ? "process " + pid + " has abandoned the response"
          : "process " + pid + " does not exist, or ended before it was given the request";
    }
  }

  /** Busy while there is no process, because there may be one of its id again. */
  @Override
  public ServiceStatus status() {
    return cell.isReachable() ? ServiceStatus.OPEN : ServiceStatus.BUSY;
  }

  @Override
  public String toString() {
    return "Service of " + pid;
  }
}
