package io.libprocess.http.context;

import static java.util.Objects.requireNonNull;

import io.libprocess.context.Context;
import io.libprocess.context.Deadline;
import io.libprocess.context.Propagation;
import io.libprocess.context.Trace;
import io.libprocess.context.Trace.Sampling;
import io.libprocess.context.TraceRecord;
import io.libprocess.context.TraceRecorder;
import io.libprocess.future.Future;
import io.libprocess.http.Headers;
import io.libprocess.http.Request;
import io.libprocess.http.RequestHandler;
import io.libprocess.http.Response;
import io.libprocess.internal.Log;
import io.libprocess.runtime.Runtime;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.filter.AttemptNumber;
import io.libprocess.time.Clock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Moves contexts into and out of headers for one server or client, as a {@link Propagation} says.
 * For any thread.
 */
public final class ContextWire {

  private static final byte[] NO_FIELDS = {};

  /** How much earlier a timer may run by the wall time, which it does not go by. */
  private static final Duration CLOCKS_DIFFER = Duration.ofMillis(5);

  private final Propagation propagation;
  private final TraceRecorder recorder; // Null if nothing is recorded.
  private final LongSupplier random;
  private final Clock clock;

  /**
   * For a server or client.
   *
   * @param random gives the ids of traces
   * @param clock gives the times in records
   */
  public ContextWire(Propagation propagation, LongSupplier random, Clock clock) {
    this.propagation = requireNonNull(propagation, "propagation");
    this.recorder = propagation.recorder().orElse(null);
    this.random = requireNonNull(random, "random");
    this.clock = requireNonNull(clock, "clock");
  }

  /** For an edge of the system where nothing is recorded. */
  public static ContextWire foreign(Clock clock) {
    return new ContextWire(
        Propagation.foreign(),
        () -> {
          throw new AssertionError("no trace begins here");
        },
        clock);
  }

  /** For a client of a runtime. */
  public static ContextWire of(Propagation propagation, Runtime runtime) {
    return new ContextWire(propagation, () -> runtime.random().nextLong(), runtime.clock());
  }

  /* ---------------- Receiving ---------------- */

  /**
   * Gives a request to a handler, in the context that it came with. A request without one, where
   * nothing is recorded, is passed on as it is.
   */
  public Future<Response> handle(RequestHandler handler, Request request) {
    boolean fields = ContextFields.areIn(request.headers());
    return fields || recorder != null
        ? inContext(handler, request, fields)
        : handler.handle(request);
  }

  private Future<Response> inContext(RequestHandler handler, Request request, boolean fields) {
    Headers headers = request.headers();
    Context sent = fields && propagation.trusting() ? ContextFields.read(headers) : Context.empty();
    Request plain = fields ? request.withHeaders(ContextFields.without(headers)) : request;
    if (recorder == null) {
      return sent.call(() -> handler.handle(plain));
    }
    Trace trace =
        sent.get(Trace.KEY)
            .orElseGet(() -> Trace.start(decision(headers), random))
            .decided(isSampled());
    Context context = sent.with(Trace.KEY, trace);
    Span span = new Span(context, TraceRecord.Kind.SERVER, plain);
    Future<Response> answer = context.call(() -> handler.handle(plain));
    return answer == null ? null : answer.onAny(span::ended);
  }

  /** What another side has decided about a trace that it has not begun. */
  private Sampling decision(Headers headers) {
    return propagation.trusting() ? TraceFields.decision(headers) : Sampling.UNDECIDED;
  }

  private boolean isSampled() {
    return (random.getAsLong() >>> 11) * 0x1p-53 < propagation.sampling();
  }

  /* ---------------- Sending ---------------- */

  /** A request on its way, with the context in which it is sent. */
  public final class Sent {

    private final Request request;
    private final Span span; // Null if it is not recorded.

    private Sent(Request request, Span span) {
      this.request = request;
      this.span = span;
    }

    /** The request with the fields of the context. */
    public Request request() {
      return request;
    }

    /** Notes how it has ended. */
    public void ended(Future<Response> answer) {
      if (span != null) {
        span.ended(answer);
      }
    }
  }

  /**
   * A request that is about to be sent, in the current context.
   *
   * @return null if it is to be sent as it is, and nothing is recorded
   */
  public Sent sent(Request request) {
    if (recorder == null && (!propagation.trusting() || Context.current().isEmpty())) {
      return null;
    }
    Context context = outgoing();
    Span span = recorder == null ? null : new Span(context, TraceRecord.Kind.CLIENT, request);
    return new Sent(propagation.trusting() ? with(request, context) : request, span);
  }

  private Request with(Request request, Context context) {
    Headers.Builder headers = ContextFields.without(request.headers()).toBuilder();
    ContextFields.write(context, propagation.traceparent(), headers::add);
    return request.withHeaders(headers.build());
  }

  /** The current context, with a part of the trace that is the next one's. */
  private Context outgoing() {
    Context context = Context.current();
    Optional<Trace> current = context.get(Trace.KEY);
    if (current.isPresent()) {
      return context.with(Trace.KEY, current.get().child(random));
    }
    return recorder == null
        ? context
        : context.with(Trace.KEY, Trace.start(Sampling.UNDECIDED, random).decided(isSampled()));
  }

  /** The lines of fields for a message to another node, in the current context. */
  public byte[] lines() {
    if (!propagation.trusting() || Context.current().isEmpty()) {
      return NO_FIELDS;
    }
    StringBuilder lines = new StringBuilder();
    ContextFields.write(
        outgoing(),
        propagation.traceparent(),
        (name, value) -> lines.append(name).append(": ").append(value).append("\r\n"));
    return lines.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /* ---------------- Records ---------------- */

  /** A request until it has ended. */
  private final class Span {

    private final Trace trace;
    private final TraceRecord.Kind kind;
    private final Request request;
    private final int attempt;
    private final Optional<Deadline> deadline;
    private final Instant start = clock.now();
    private final long began = clock.nanoTime();

    Span(Context context, TraceRecord.Kind kind, Request request) {
      this.trace = context.get(Trace.KEY).orElseThrow();
      this.kind = kind;
      this.request = request;
      this.attempt =
          kind == TraceRecord.Kind.CLIENT
              ? AttemptNumber.ofSending(context)
              : AttemptNumber.ofReceiving(context);
      this.deadline = context.get(Deadline.KEY);
    }

    void ended(Future<Response> answer) {
      if (!trace.isRecorded()) {
        return;
      }
      try {
        recorder.record(
            new TraceRecord(
                trace,
                kind,
                request.method(),
                request.path(),
                start,
                Duration.ofNanos(clock.nanoTime() - began),
                answer.isReady()
                    ? OptionalInt.of(answer.get().status().code())
                    : OptionalInt.empty(),
                answer.isFailed() ? Optional.of(answer.failure()) : Optional.empty(),
                attempt,
                isTimedOut(answer)));
      } catch (Throwable thrown) {
        Log.warning("A recorder of traces failed", thrown);
      }
    }

    private boolean isTimedOut(Future<Response> answer) {
      if (answer.isReady()) {
        return false;
      }
      Throwable failure = answer.isFailed() ? answer.failure() : null;
      boolean says =
          failure instanceof TimeoutException
              || failure != null && FlaggedFailure.has(failure, FailureFlag.DEADLINE_EXCEEDED);
      return says || (answer.isDiscarded() || answer.hasDiscard()) && isLate();
    }

    private boolean isLate() {
      Instant soon = clock.now().plus(CLOCKS_DIFFER);
      return deadline.filter(due -> !soon.isBefore(due.deadline())).isPresent();
    }
  }
}
