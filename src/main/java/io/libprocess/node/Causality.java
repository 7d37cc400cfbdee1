package io.libprocess.node;

import io.libprocess.UPID;
import io.libprocess.context.Context;
import io.libprocess.context.ContextKey;
import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.CheckedFunction;
import io.libprocess.future.CheckedSupplier;
import io.libprocess.future.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * A record of causes, kept while it is switched on: each dispatch, call and blocking call remembers
 * where it was made and what was being done there, so that a failure can tell the path by which it
 * came, and pending calls can tell who made them. It is shared by the JVM, and stays on. The
 * current cause is a value of the context: actions in callbacks of futures count as done where the
 * callback was registered.
 *
 * <p>Functions are wrapped by their senders, which costs one read of a field each while it is off.
 * A chain is cut when it gets long, so that it holds a limited number of causes. All methods may be
 * called from any thread.
 */
public final class Causality {

  /** How long a chain gets before a new one begins. */
  private static final int MOST_CAUSES = 32;

  /** How many pending calls are recorded. */
  private static final int MOST_PENDING = 100_000;

  private static final StackWalker WALKER = StackWalker.getInstance();
  private static final ContextKey<Cause> CAUSE = ContextKey.local("cause");
  private static final Set<Pending> PENDING = ConcurrentHashMap.newKeySet();

  private static volatile boolean on;

  private Causality() {}

  /** One action: its kind, its target, where it was made, and as a part of what. */
  private static final class Cause {
    private final String text;
    private final Cause parent; // Null if it is not known.
    private final int depth;

    Cause(String how, Object to, Cause current) {
      parent = current == null || current.depth == MOST_CAUSES ? null : current;
      depth = parent == null ? 1 : parent.depth + 1;
      text = how + (to == null ? "" : " to " + to) + " at " + place();
    }

    private static String place() {
      return WALKER.walk(
          frames ->
              frames
                  .filter(frame -> !isOurs(frame.getClassName()))
                  .findFirst()
                  .map(StackWalker.StackFrame::toStackTraceElement)
                  .map(StackTraceElement::toString)
                  .orElse("an unknown place"));
    }

    private static boolean isOurs(String type) {
      return type.equals("io.libprocess.node.Causality")
          || type.startsWith("io.libprocess.node.Causality$")
          || type.equals("io.libprocess.PID")
          || type.startsWith("io.libprocess.PID$")
          || type.equals("io.libprocess.Async")
          || type.equals("io.libprocess.Node")
          || type.equals("io.libprocess.Process");
    }

    List<String> chain() {
      List<String> chain = new ArrayList<>();
      for (Cause cause = this; cause != null; cause = cause.parent) {
        chain.add(cause.text);
      }
      return chain;
    }
  }

  /** The path by which a failure came; it has no stack of its own. */
  static final class Origin extends Exception {
    private static final long serialVersionUID = 1L;

    Origin(List<String> chain) {
      super("by " + String.join(", in ", chain), null, false, false);
    }
  }

  /** A call that has no result yet. */
  public static final class Pending {
    private final UPID to;
    private final List<String> chain;
    private final Instant since;

    private Pending(UPID to, List<String> chain, Instant since) {
      this.to = to;
      this.chain = chain;
      this.since = since;
    }

    /** The process that was called. */
    public UPID to() {
      return to;
    }

    /** The place where it was made, and what that was a part of; the innermost first. */
    public List<String> chain() {
      return chain;
    }

    /** The time when it was made. */
    public Instant since() {
      return since;
    }
  }

  /** Switches it on. */
  public static void switchOn() {
    on = true;
  }

  /** Switches it off, for tests. */
  static void switchOff() {
    on = false;
  }

  /** Whether it is on. */
  public static boolean isOn() {
    return on;
  }

  /** The calls to processes without a result yet, of those made while it was on. */
  public static List<Pending> pending() {
    return List.copyOf(PENDING);
  }

  /* ---------------- Wrapping ---------------- */

  /** Wraps an action that is dispatched to a process. */
  public static <T> CheckedConsumer<T> dispatched(UPID to, CheckedConsumer<T> action) {
    Cause cause = cause("dispatch", to);
    return process ->
        within(
            cause,
            () -> {
              action.accept(process);
              return null;
            });
  }

  /** Wraps a function that is called in a process. */
  public static <T, R> CheckedFunction<T, R> called(UPID to, CheckedFunction<T, R> function) {
    Cause cause = cause("call", to);
    return process -> within(cause, () -> function.apply(process));
  }

  /** Wraps a blocking call. */
  public static <T> CheckedSupplier<T> async(CheckedSupplier<T> call) {
    Cause cause = cause("async", null);
    return () -> within(cause, call);
  }

  private static Cause cause(String how, Object to) {
    return new Cause(how, to, CAUSE.current().orElse(null));
  }

  private static <T> T within(Cause cause, CheckedSupplier<T> body) throws Exception {
    try {
      return Context.<Cause, T, Exception>with(CAUSE, cause, body::get);
    } catch (Throwable thrown) {
      explain(thrown, cause);
      throw thrown;
    }
  }

  private static void explain(Throwable thrown, Cause cause) {
    for (Throwable known : thrown.getSuppressed()) {
      if (known instanceof Origin) {
        return; // An inner cause has already added its own.
      }
    }
    thrown.addSuppressed(new Origin(cause.chain()));
  }

  /** Records a call until it has a result. */
  public static <R> Future<R> watched(UPID to, Instant now, Supplier<Future<R>> call) {
    Pending pending = new Pending(to, cause("call", to).chain(), now);
    if (PENDING.size() < MOST_PENDING) {
      PENDING.add(pending);
    }
    Future<R> result = call.get();
    return result.onAny(done -> PENDING.remove(pending)).onAbandoned(() -> PENDING.remove(pending));
  }
}
