package io.libprocess.testing;

import static java.util.Objects.requireNonNull;

import io.libprocess.Codec;
import io.libprocess.EventView;
import io.libprocess.EventView.DispatchEvent;
import io.libprocess.EventView.ExitedEvent;
import io.libprocess.EventView.HttpEvent;
import io.libprocess.EventView.MessageEvent;
import io.libprocess.PID;
import io.libprocess.UPID;
import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.CheckedFunction;
import java.util.function.Predicate;

/**
 * A pattern for the events that a filter matches: one kind of event, and conditions on it.
 * Immutable.
 *
 * <h2>Dispatches</h2>
 *
 * <p>A lambda or a method reference knows neither what it calls nor its name, and each place in the
 * source makes its own class for it: {@code QueueProcess::dequeue} in a test is not the {@code
 * QueueProcess::dequeue} that the tested code dispatches. So most tests match {@linkplain
 * #dispatch(UPID) only by the process}, and add {@link #where} if needed. To match one function,
 * the code under test and the test have to share it:
 *
 * <pre>{@code
 * static final CheckedFunction<QueueProcess, Integer> DEQUEUE = QueueProcess::dequeue;
 * // In the code under test:
 * Future<Integer> item = queue.call(DEQUEUE);
 * // In the test:
 * filters.drop(EventPattern.call(queue, DEQUEUE));
 * }</pre>
 *
 * <p>A function matches another if they are equal, if they have the same class, that is, come from
 * the same place in the source, whatever they capture, or if both are {@link java.io.Serializable}
 * and refer to the same method. {@link #dispatchFrom} matches by the class in whose source the
 * function is written.
 *
 * @param <E> the kind of events
 */
public final class EventPattern<E extends EventView> {

  private final Class<E> kind;
  private final String description;
  private final Predicate<? super E> condition;

  private EventPattern(Class<E> kind, String description, Predicate<? super E> condition) {
    this.kind = kind;
    this.description = description;
    this.condition = condition;
  }

  /* ---------------- Messages ---------------- */

  /** All messages. */
  public static EventPattern<MessageEvent> message() {
    return new EventPattern<>(MessageEvent.class, "message", event -> true);
  }

  /** Messages of a name. */
  public static EventPattern<MessageEvent> message(String name) {
    requireNonNull(name, "name");
    return message().and(" '" + name + "'", event -> event.message().name().equals(name));
  }

  /** Messages of a name to a process. */
  public static EventPattern<MessageEvent> message(String name, UPID to) {
    return message(name).to(to);
  }

  /** Messages of a name from one process to another. */
  public static EventPattern<MessageEvent> message(String name, UPID from, UPID to) {
    requireNonNull(from, "from");
    return message(name).and(" from " + from, event -> event.message().from().equals(from)).to(to);
  }

  /* ---------------- Dispatches ---------------- */

  /** All functions that are about to run in a process. */
  public static EventPattern<DispatchEvent> dispatch(UPID process) {
    return new EventPattern<>(DispatchEvent.class, "dispatch", event -> true).to(process);
  }

  /**
   * A function that is dispatched to a process.
   *
   * @param action the same function, or one from the same place; see the description of this class
   */
  public static <P> EventPattern<DispatchEvent> dispatch(
      PID<P> process, CheckedConsumer<? super P> action) {
    return function(process, requireNonNull(action, "action"));
  }

  /**
   * A function that is called in a process, by {@code call} or {@code callAsync}.
   *
   * @param function the same function, or one from the same place; see the description of this
   *     class
   */
  public static <P> EventPattern<DispatchEvent> call(
      PID<P> process, CheckedFunction<? super P, ?> function) {
    return function(process, requireNonNull(function, "function"));
  }

  private static EventPattern<DispatchEvent> function(UPID process, Object function) {
    Functions functions = Functions.like(function);
    return dispatch(process).and(" of " + functions, event -> functions.match(event.function()));
  }

  /**
   * All lambdas and method references in the source of a class that are dispatched to a process;
   * not those that reach it through {@code defer} or {@code execute}.
   */
  public static EventPattern<DispatchEvent> dispatchFrom(Class<?> source, UPID process) {
    Class<?> host = source.getNestHost();
    return dispatch(process)
        .and(" from " + source, event -> event.function().getClass().getNestHost() == host);
  }

  /* ---------------- Ends and requests ---------------- */

  /**
   * The end of a linked process.
   *
   * @param linkee the process that is gone
   * @param linker the process that is told
   */
  public static EventPattern<ExitedEvent> exited(UPID linkee, UPID linker) {
    requireNonNull(linkee, "linkee");
    return new EventPattern<>(
            ExitedEvent.class, "end of " + linkee, event -> event.linkee().equals(linkee))
        .to(linker);
  }

  /** All HTTP requests to a process. */
  public static EventPattern<HttpEvent> request(UPID process) {
    return new EventPattern<>(HttpEvent.class, "request", event -> true).to(process);
  }

  /**
   * HTTP requests to a process for a path.
   *
   * @param path the whole path below the process, such as {@code /size}
   */
  public static EventPattern<HttpEvent> request(UPID process, String path) {
    requireNonNull(path, "path");
    return request(process).and(" for " + path, event -> event.path().equals(path));
  }

  /**
   * HTTP requests to a process for a path, with a body that a codec can decode. Streamed bodies do
   * not match. (libprocess: {@code FutureHttpRequest} and its union variants.)
   *
   * @param path the whole path below the process, such as {@code /size}
   * @param condition the condition on the decoded body
   */
  public static <T> EventPattern<HttpEvent> request(
      UPID process, String path, Codec<T> codec, Predicate<? super T> condition) {
    requireNonNull(codec, "codec");
    requireNonNull(condition, "condition");
    return request(process, path)
        .and(
            " with a certain body",
            event -> {
              T value;
              try {
                value = codec.decode(event.request().bytes().toArray());
              } catch (Exception e) {
                return false; // Not decodable, or a stream.
              }
              return condition.test(value);
            });
  }

  /* ---------------- Both ---------------- */

  /** This pattern, only for events of one process. */
  public EventPattern<E> to(UPID process) {
    requireNonNull(process, "process");
    return and(" to " + process, event -> event.process().equals(process));
  }

  /**
   * This pattern with a further condition.
   *
   * @param further the condition, evaluated on the thread that is about to serve the event; must
   *     not block
   */
  public EventPattern<E> where(Predicate<? super E> further) {
    return and(" with a condition", requireNonNull(further, "further"));
  }

  private EventPattern<E> and(String words, Predicate<? super E> further) {
    Predicate<? super E> first = condition;
    return new EventPattern<>(
        kind, description + words, event -> first.test(event) && further.test(event));
  }

  /** The event if it matches; otherwise null. */
  E match(EventView event) {
    if (!kind.isInstance(event)) {
      return null;
    }
    E candidate = kind.cast(event);
    return condition.test(candidate) ? candidate : null;
  }

  /** A description of the events that it matches. */
  @Override
  public String toString() {
    return description;
  }
}
