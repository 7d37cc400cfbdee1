package io.libprocess;

import static java.util.Objects.requireNonNull;

import io.libprocess.ask.IgnoredFailures;
import io.libprocess.config.AsyncThreads;
import io.libprocess.future.CheckedRunnable;
import io.libprocess.future.CheckedSupplier;
import io.libprocess.future.Contextual;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.internal.FailureWatch;
import io.libprocess.internal.flight.Flight;
import io.libprocess.internal.scheduler.BlockingExecutor;
import io.libprocess.internal.scheduler.Scheduler;
import io.libprocess.internal.scheduler.ThreadContext;
import io.libprocess.internal.scheduler.WaitsForTasks;
import io.libprocess.metrics.Counter;
import io.libprocess.node.Causality;
import io.libprocess.settings.ThreadKind;
import io.libprocess.settings.Variables;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs blocking calls, such as JDBC or an old SDK, each on a thread of its own, so that they block
 * nothing else. The threads are virtual on JDKs that run virtual threads well (see {@link
 * AsyncThreads}). The result is an ordinary future, so the code around it stays as it is.
 *
 * <p>Calls may wait for other calls, to any depth for which there is memory for threads: no call
 * waits for the thread of another one. If the system cannot create another thread, the future fails
 * with an {@link IllegalStateException} that says so; no call waits for a thread that never comes.
 * Below JDK 24 there are as many platform threads as there are calls at a time: a {@link
 * io.libprocess.sync.Semaphore} around the calls bounds them.
 *
 * <p>If a call of a node fails and nobody looks at its future before that is garbage, the metric
 * {@code libprocess/ignored_failures} counts it. The first failure of each kind of call is logged,
 * also if the call was made outside of any node; there it may take until a later call.
 *
 * <pre>{@code
 * Future<Integer> rows = async(() -> statement.executeUpdate());
 * }</pre>
 */
public final class Async {

  private Async() {}

  /**
   * Runs a call that may block, in the current {@link io.libprocess.context.Context}. A caller
   * inside a node, which may be another such call, uses that node's own threads for blocking calls;
   * any other caller the threads shared by the JVM.
   *
   * @return the call's result, or a failure with the exception it throws. A discard request
   *     interrupts the call's thread; if the call has not begun, or then ends with an {@link
   *     InterruptedException}, the future is discarded. A future returned by the call is not
   *     unwrapped.
   */
  public static <T> Future<T> async(CheckedSupplier<? extends T> call) {
    return run(executor(), call, call);
  }

  private static Executor executor() {
    Scheduler own = ThreadContext.scheduler();
    return own == null ? elsewhere() : own.blocking();
  }

  private static Executor elsewhere() {
    return Thread.currentThread() instanceof WaitsForTasks simulated
        ? simulated.blocking()
        : Shared.EXECUTOR;
  }

  /** Like {@link #async(CheckedSupplier)}, for a call without a result. */
  public static Future<Void> run(CheckedRunnable call) {
    requireNonNull(call, "call");
    return run(
        executor(),
        () -> {
          call.run();
          return null;
        },
        call);
  }

  /**
   * Runs a call on an executor.
   *
   * @param function the function of the user, whose class describes the call
   */
  static <T> Future<T> run(Executor executor, CheckedSupplier<? extends T> call, Object function) {
    requireNonNull(call, "call");
    CheckedSupplier<? extends T> caused = Causality.isOn() ? Causality.async(call) : call;
    Call<T> running = new Call<>(Contextual.supplier(caused), executor, function.getClass());
    running.promise.future().onDiscard(running::interrupt);
    try {
      executor.execute(running);
    } catch (RejectedExecutionException e) {
      running.fail(new IllegalStateException("cannot begin a call: " + e.getMessage(), e));
    }
    return running.promise.future();
  }

  /**
   * The threads shared by the JVM, started by the first call from outside any node; they do not
   * keep the JVM alive.
   */
  private static final class Shared {
    static final Executor EXECUTOR =
        new BlockingExecutor(
            "libprocess-async-", ThreadKind.of(Variables.ofJvm()).areVirtual(), () -> {});
  }

  /**
   * The ignored failures of calls that belong to no node: no metric counts them, and no watchdog
   * reports them, so each such call reports those of before.
   */
  private static final class WithoutNode {
    private static final IgnoredFailures IGNORED = new IgnoredFailures(new Counter("ignored"));
    static final FailureWatch.Origin ORIGIN = IGNORED.blockingCalls();

    /** Who hears of ignored failures; null if nobody does, as in a simulation and in tests. */
    static FailureWatch.Origin orOf(Executor executor) {
      if (!(executor instanceof BlockingExecutor threads)) {
        return null;
      }
      FailureWatch.Origin ofNode = threads.origin();
      return ofNode == null ? ORIGIN : ofNode;
    }
  }

  /**
   * One call. Holds the thread that runs it while it runs; only then may that thread be
   * interrupted.
   */
  private static final class Call<T> extends AtomicReference<Thread> implements Runnable {

    private static final long serialVersionUID = 1L;

    private final transient CheckedSupplier<? extends T> call;
    private final transient FailureWatch.Origin origin; // Null: nobody hears of ignored failures.
    private final Class<?> function; // Describes the call then.
    private final transient Promise<T> promise = new Promise<>();

    Call(CheckedSupplier<? extends T> call, Executor executor, Class<?> function) {
      this.call = call;
      this.origin = WithoutNode.orOf(executor);
      this.function = function;
    }

    @Override
    public void run() {
      if (!Flight.isOn()) {
        execute();
        return;
      }
      Object begun = Flight.sink().beginCall();
      execute();
      Flight.sink().endCall(begun, promise.future().isReady());
    }

    private void execute() {
      if (origin == WithoutNode.ORIGIN) {
        origin.watch().report();
      }
      set(Thread.currentThread());
      if (promise.future().hasDiscard()) {
        end();
        promise.discard();
        return;
      }
      T result;
      try {
        result = call.get();
      } catch (Throwable thrown) {
        end();
        if (thrown instanceof InterruptedException && promise.future().hasDiscard()) {
          promise.discard();
        } else {
          fail(thrown);
        }
        return;
      }
      end();
      promise.set(result);
    }

    /** Fails the future; if nobody ever looks at it, that is logged. */
    void fail(Throwable thrown) {
      if (origin == null) {
        promise.fail(thrown);
      } else {
        FailureWatch.fail(promise, thrown, origin, function);
      }
    }

    void interrupt() {
      synchronized (this) { // So that the thread does not go on to other work meanwhile.
        Thread running = get();
        if (running != null) {
          running.interrupt();
        }
      }
    }

    private void end() {
      synchronized (this) {
        set(null);
        Thread.interrupted(); // The interrupt was meant for this call; the thread is reused.
      }
    }
  }
}
