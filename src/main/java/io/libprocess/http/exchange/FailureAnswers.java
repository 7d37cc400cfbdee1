package io.libprocess.http.exchange;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Headers;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Status;
import io.libprocess.http.StatusException;
import io.libprocess.http.grammar.Rejection;
import io.libprocess.internal.Log;
import io.libprocess.internal.Reason;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The texts for the clients of a server, and for the log, when a handler fails. All methods may be
 * called from any thread.
 */
public final class FailureAnswers {

  private static final int BAD_REQUEST = 400;
  private static final int UNEXPECTED = 500;
  private static final int UNAVAILABLE = 503;
  private static final int GATEWAY_TIMEOUT = 504;

  private static final String NULL = "The handler returned no response";
  public static final String INTERIM = "The handler answered with the interim status ";

  private static final String RETRY_AFTER = "Retry-After";
  private static final String A_SECOND = "1";

  private static final Response REFUSED =
      Response.serviceUnavailable().withHeader(RETRY_AFTER, A_SECOND);

  /** For a client that has gone, as a rule. */
  private static final Response CUT_OFF = Response.of(BAD_REQUEST, "The body was cut off");

  private final long started; // In milliseconds of the clock.
  private final AtomicLong failures = new AtomicLong(); // How many were named.

  /** Of a server that goes by a clock. */
  public FailureAnswers(Clock clock) {
    started = clock.now().toEpochMilli();
  }

  /** Names a failure in the log and in the answer: a text that no other failure has. */
  private String nextId() {
    return Long.toString(started, Character.MAX_RADIX) + "-" + failures.incrementAndGet();
  }

  /**
   * The answer of the handler that a future has; if that failed, what is answered instead.
   * Discarded if the handler has stopped because that was asked for.
   */
  public Future<Response> answered(Request request, Future<Response> given) {
    if (given.isReady() && given.get() != null) {
      return given;
    }
    Promise<Response> answer = new Promise<>();
    answer.future().onDiscard(given::discard);
    given.onAny(
        done -> {
          if (done.isDiscarded() && answer.future().hasDiscard()) {
            answer.discard();
          } else {
            answer.set(answer(request, done));
          }
        });
    given.onAbandoned(() -> answer.set(abandoned(request)));
    return answer.future();
  }

  /** The answer that the completed future of a handler has, or what is answered instead. */
  public Response answer(Request request, Future<Response> done) {
    if (done.isFailed()) {
      return answer(request, done.failure());
    }
    if (done.isDiscarded()) {
      return withoutOutcome(request, "discarded future");
    }
    return done.get() == null ? answer(request, NULL) : done.get();
  }

  /** What is answered if the future of a handler was abandoned. */
  public Response abandoned(Request request) {
    return withoutOutcome(request, "abandoned future");
  }

  /** The answer if the handler has answered with what is no response. */
  public Response answer(Request request, String reason) {
    logUnanswered(request, reason);
    return Response.internalServerError(reason);
  }

  // This does not ask the client to try again: something may have been done.
  private static Response withoutOutcome(Request request, String reason) {
    logUnanswered(request, reason);
    return Response.of(UNAVAILABLE, reason);
  }

  private static void logUnanswered(Request request, String reason) {
    Log.warning(() -> "No answer to " + named(request) + ": " + reason);
  }

  /**
   * The answer if the handler, or a stream before its first piece, has failed. Failures with a
   * status of the server's are logged; not 503, since whoever refuses what is too much does so
   * often.
   */
  public Response answer(Request request, Throwable failure) {
    Optional<Response> own = own(failure);
    if (own.isEmpty()) {
      return isOfBody(request, failure) ? CUT_OFF : unexpected(request, failure);
    }
    Response answer = own.get();
    if (answer.status().code() >= 500 && answer.status().code() != UNAVAILABLE) {
      Log.warning(() -> "The handler of " + named(request) + " failed", failure);
    }
    return answer;
  }

  /** Whether the body did not arrive as a whole: no fault of the handler, and there may be many. */
  private static boolean isOfBody(Request request, Throwable failure) {
    Future<Headers> trailers = request.trailers();
    return trailers.isFailed() && trailers.failure() == failure;
  }

  private static boolean isRefusal(Throwable failure) {
    return FlaggedFailure.has(failure, FailureFlag.REJECTED);
  }

  /** The answer to a request for which there is no room at the moment; nothing was done for it. */
  public static Response refused() {
    return REFUSED;
  }

  /** The status of the answer for a failure of a handler. */
  public static int statusFor(Throwable failure) {
    return own(failure).map(answer -> answer.status().code()).orElse(UNEXPECTED);
  }

  /**
   * The answer for a failure of a handler that says what the client is to get. That is the message
   * of a {@link StatusException}, or of a {@link Failure} without a cause, which the handler has
   * made itself; other messages may reveal internals of the server. What was refused is answered
   * with 503, and what came too late to be of use with 504.
   */
  public static Optional<Response> own(Throwable failure) {
    if (isRefusal(failure)) {
      return Optional.of(REFUSED);
    }
    if (FlaggedFailure.has(failure, FailureFlag.DEADLINE_EXCEEDED)) {
      return Optional.of(Response.of(GATEWAY_TIMEOUT));
    }
    return ownOf(failure instanceof FlaggedFailure flagged ? flagged.unflagged() : failure);
  }

  /** The failure that is answered like a request that was rejected. */
  public static StatusException of(Rejection rejection) {
    return new StatusException(Status.of(rejection.code()), rejection.reason());
  }

  /** The answer of a status with a text. What is not available now may be soon. */
  public static Response to(StatusException refusal) {
    Response answer = Response.of(refusal.status().code(), refusal.getMessage());
    return refusal.status().equals(Status.SERVICE_UNAVAILABLE)
        ? answer.withHeader(RETRY_AFTER, A_SECOND)
        : answer;
  }

  private static Optional<Response> ownOf(Throwable failure) {
    String message = Reason.message(failure);
    if (failure instanceof StatusException refusal) {
      return Optional.of(to(refusal));
    }
    return failure instanceof Failure && failure.getCause() == null && message != null
        ? Optional.of(Response.internalServerError(message))
        : Optional.empty();
  }

  /** An answer that tells the client only under which number the failure is found in the log. */
  public Response unexpected(Request request, Throwable failure) {
    String id = nextId();
    Log.warning(() -> "The handler of " + named(request) + " failed (failure " + id + ")", failure);
    return Response.internalServerError(
        Status.INTERNAL_SERVER_ERROR + ". See the log for failure " + id + ".");
  }

  /** The request, without its query, which may hold what is secret. */
  public static String named(Request request) {
    return request.method() + " " + request.path();
  }
}
