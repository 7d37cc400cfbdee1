package io.libprocess;

import static java.util.Objects.requireNonNull;

import io.libprocess.actor.Call;
import io.libprocess.actor.Dispatch;
import io.libprocess.actor.Event;
import io.libprocess.actor.Execute;
import io.libprocess.actor.ProcessCell;
import io.libprocess.future.CheckedBiConsumer;
import io.libprocess.future.CheckedBiFunction;
import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.CheckedFunction;
import io.libprocess.future.Future;
import io.libprocess.internal.ContextSlot;
import io.libprocess.internal.Droppable;
import io.libprocess.internal.ExecutorEnds;
import io.libprocess.node.Causality;
import io.libprocess.node.ProcessService;
import io.libprocess.service.Service;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * The name of a process of type {@code P} on a node in this JVM, and the means to run code in it. A
 * function given to {@link #dispatch}, {@link #call} or {@link #callAsync} is queued behind the
 * events sent to the process before, and runs in the process, never inside the call.
 *
 * <p>A PID names a process, not an instance: after the process has ended it reaches a new one with
 * the same id. If there is no such process, a one-way dispatch vanishes and the future of a call is
 * abandoned.
 *
 * <p>What is sent runs in the {@link io.libprocess.context.Context} of whoever sends it, and what
 * is deferred in that in which it was.
 *
 * <p>As an {@link Executor} a PID makes any API that takes one call back inside the process.
 *
 * @param <P> the type of the process, or one of its supertypes
 */
public final class PID<P> extends UPID implements Executor {

  static {
    ExecutorEnds.give(PID::watch);
  }

  private final ProcessCell cell;
  private String text; // For a process without an id of its own; made when first asked for.

  PID(Object idOrNumber, ProcessCell cell) {
    super(idOrNumber, cell.processes().address());
    this.cell = cell;
  }

  @Override
  String textOf(Long number) {
    String known = text;
    if (known == null) {
      known = super.textOf(number);
      text = known; // The text is the same whichever thread makes it.
    }
    return known;
  }

  /** Converts a PID to that of a supertype: a process can do whatever its supertypes can do. */
  @SuppressWarnings("unchecked") // P only determines what functions may assume.
  public static <B> PID<B> upcast(PID<? extends B> pid) {
    return (PID<B>) pid;
  }

  ProcessCell cell() {
    return cell;
  }

  private static Runnable watch(Executor executor, Runnable whenEnded) {
    if (!(executor instanceof PID<?> pid)) {
      return null;
    }
    Future<Exit> ended = pid.cell.ended();
    ended.onReady(exit -> whenEnded.run());
    return ended::discard;
  }

  /** Runs an action in the process. If it throws, the process ends. */
  public void dispatch(CheckedConsumer<? super P> action) {
    requireNonNull(action, "action");
    cell.enqueue(new Dispatch(Causality.isOn() ? Causality.dispatched(this, action) : action));
  }

  /**
   * Runs a function in the process.
   *
   * @return the function's result; failed with the exception that the function throws, after which
   *     the process lives on; abandoned if there is no such process or it ends first. A discard
   *     request has no effect. A failure is logged, once for each function, if the future is
   *     ignored.
   */
  public <R> Future<R> call(CheckedFunction<? super P, ? extends R> function) {
    requireNonNull(function, "function");
    return Causality.isOn()
        ? Causality.watched(this, now(), () -> send(new Call(Causality.called(this, function))))
        : send(new Call(function));
  }

  private <R> Future<R> send(Call call) {
    cell.enqueue(call);
    return call.future();
  }

  private Instant now() {
    return cell.processes().clock().now();
  }

  /**
   * Runs a function that returns a future in the process.
   *
   * @return the outcome of that future; otherwise like {@link #call}. A discard request reaches the
   *     returned future once the function has run.
   */
  public <R> Future<R> callAsync(CheckedFunction<? super P, Future<R>> function) {
    requireNonNull(function, "function");
    return Causality.isOn()
        ? Causality.watched(
            this, now(), () -> send(new Call.Async(Causality.called(this, function))))
        : send(new Call.Async(function));
  }

  /**
   * Makes a service of a function of the process, so that filters can be put before it. A request
   * that the process never got, because there is none, it ended first or its mailbox was full,
   * fails and is {@link io.libprocess.service.FailureFlag#RETRYABLE}; one whose response is
   * abandoned fails and is not. The process has nothing to know of filters.
   *
   * @param function serves a request, in the process; what it throws, the request fails with
   */
  public <Q, R> Service<Q, R> service(CheckedBiFunction<? super P, ? super Q, Future<R>> function) {
    return new ProcessService<>(this, cell, this::callAsync, requireNonNull(function, "function"));
  }

  /**
   * Runs a task in the process. If it throws, the process ends. If the process ends before it has
   * run the task, and the task is a {@link java.util.concurrent.Future}, the task is cancelled.
   *
   * @throws RejectedExecutionException if there is no such process, or its mailbox is full
   */
  @Override
  public void execute(Runnable task) {
    Event event = new Execute(requireNonNull(task, "task"));
    boolean wantsToKnow = !(task instanceof Droppable); // A Droppable is notified anyway.
    if (wantsToKnow && !cell.isReachable()) {
      throw new RejectedExecutionException("process " + this + " has ended");
    }
    if (!cell.enqueue(event) && wantsToKnow) {
      throw new RejectedExecutionException(
          "the mailbox of " + this + " is full at " + cell.limit());
    }
  }

  /** Makes a callback that runs an action in the process with the callback's argument. */
  public <T> CheckedConsumer<T> defer(CheckedBiConsumer<? super P, ? super T> action) {
    requireNonNull(action, "action");
    Object context = ContextSlot.get(); // Also none: that of the registration does not count.
    return value -> {
      Object outer = ContextSlot.switchTo(context);
      try {
        dispatch(process -> action.accept(process, value));
      } finally {
        ContextSlot.switchBack(outer);
      }
    };
  }

  /** Makes a function that runs another one in the process with its argument; see {@link #call}. */
  public <T, R> CheckedFunction<T, Future<R>> deferCall(
      CheckedBiFunction<? super P, ? super T, ? extends R> function) {
    requireNonNull(function, "function");
    return fromHere(value -> call(process -> function.apply(process, value)));
  }

  /**
   * Makes a function that runs another one in the process with its argument; see {@link
   * #callAsync}.
   */
  public <T, R> CheckedFunction<T, Future<R>> deferCallAsync(
      CheckedBiFunction<? super P, ? super T, Future<R>> function) {
    requireNonNull(function, "function");
    return fromHere(value -> callAsync(process -> function.apply(process, value)));
  }

  /** Makes a function that runs another one in the context of this call, whatever its caller's. */
  private static <T, R> CheckedFunction<T, R> fromHere(CheckedFunction<T, R> function) {
    Object context = ContextSlot.get();
    return value -> {
      Object outer = ContextSlot.switchTo(context);
      try {
        return function.apply(value);
      } finally {
        ContextSlot.switchBack(outer);
      }
    };
  }
}
