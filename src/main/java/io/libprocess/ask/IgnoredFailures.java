package io.libprocess.ask;

import io.libprocess.internal.FailureWatch;
import io.libprocess.internal.Log;
import io.libprocess.metrics.Counter;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Counts the failures of calls, blocking calls and questions at whose futures nobody has looked,
 * and logs the first of each kind. As the origin of futures it stands for the node's questions,
 * each of which is described by the name of its message. Thread-safe.
 */
public final class IgnoredFailures implements FailureWatch.Origin {

  /** How many kinds are logged. */
  private static final int MOST_KINDS = 1000;

  private final FailureWatch watch = new FailureWatch();
  private final Counter count;
  private final Set<String> kinds = ConcurrentHashMap.newKeySet();

  /** Makes it with the metric that counts. */
  public IgnoredFailures(Counter count) {
    this.count = count;
  }

  @Override
  public FailureWatch watch() {
    return watch;
  }

  @Override
  public void ignored(Object what, Throwable failure) {
    note("question " + what, () -> "A question by message '" + what + "'", failure);
  }

  /** Takes the failure of a call that nobody looked at. */
  public void call(Class<?> process, Class<?> function, Throwable failure) {
    note(
        "call " + process.getName() + " " + function.getName(),
        () -> "A call of " + named(function) + " in a process of " + process,
        failure);
  }

  /** The origin of blocking calls, each of which is described by the class of its function. */
  public FailureWatch.Origin blockingCalls() {
    return new BlockingCalls();
  }

  private final class BlockingCalls implements FailureWatch.Origin {

    @Override
    public FailureWatch watch() {
      return watch;
    }

    @Override
    public void ignored(Object what, Throwable failure) {
      Class<?> function = (Class<?>) what;
      note(
          "blocking call " + function.getName(),
          () -> "A blocking call of " + named(function),
          failure);
    }
  }

  /** The class in which a function is written, for one without a name. */
  private static String named(Class<?> function) {
    String name = function.getName();
    int lambda = name.indexOf("$$Lambda");
    return lambda < 0 ? name : "a function in " + name.substring(0, lambda);
  }

  private void note(String kind, Supplier<String> text, Throwable failure) {
    count.increment();
    if (kinds.size() < MOST_KINDS && kinds.add(kind)) {
      Log.warning(
          () ->
              text.get()
                  + " has failed, and nobody looked at its future; further ones are only counted",
          failure);
    }
  }
}
