package io.libprocess.grpc;

import io.libprocess.context.Deadline;
import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.client.ClientConnection;
import io.libprocess.http.client.ClientExchange;
import io.libprocess.http.context.ContextWire;
import io.libprocess.http.grpc.GrpcAnswers;
import io.libprocess.http.grpc.GrpcCode;
import io.libprocess.http.grpc.GrpcText;
import io.libprocess.http.grpc.GrpcTimeout;
import io.libprocess.http.grpc.GrpcWireException;
import io.libprocess.http.grpc.MessageReader;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A call of a client: waits for a connection, sends the request, again if the server has certainly
 * done nothing with it, and finds out how the call ends.
 *
 * <p>Its steps follow each other, on whatever threads; only the end of its time and a discard
 * request may come in between. {@code ended}, guarded by the monitor, decides which of them ends
 * the call, once.
 */
abstract class OutgoingCall<Q, R> {

  static final String TERMINATED = "the channel has been terminated";
  private static final String AGENT = "grpc-java-libprocess/1";
  private static final int MOST_REPETITIONS = 3;

  /** Gives the body of the request. */
  @FunctionalInterface
  interface Requests {

    /**
     * The body; a new one with each call if it is in memory, and otherwise always the same.
     *
     * @throws GrpcException if the request cannot be encoded
     */
    Body make();
  }

  final ChannelState channel;
  final GrpcOptions options;
  final GrpcMethod<Q, R> method;
  private final Requests body;
  private final Clock clock;
  private final Optional<Instant> deadline;

  private volatile Future<?> step = Future.done(); // The step that a discard request must reach.
  private volatile Future<?> connecting = Future.done(); // Pending while it waits for that.
  private volatile boolean givenUp; // By the user or the clock.
  private volatile Timer timer; // Null if there is no deadline.
  private boolean ended; // Guarded by the monitor of this.
  private int repetitions;

  OutgoingCall(ChannelState channel, GrpcOptions options, GrpcMethod<Q, R> method, Requests body) {
    this.channel = channel;
    this.options = options;
    this.method = method;
    this.body = body;
    this.clock = channel.clock();
    Optional<Deadline> own = options.timeout().map(time -> Deadline.after(clock.now(), time));
    Optional<Deadline> outer = Deadline.current();
    this.deadline =
        (own.isPresent() && outer.isPresent()
                ? own.map(outer.get()::combined)
                : own.or(() -> outer))
            .map(Deadline::deadline);
  }

  /* ------ For the kinds of calls ------ */

  /** Takes the messages and trailers of a response, and then ends the call. */
  abstract void receive(Response response, MessageReader reader) throws GrpcWireException;

  /** Notes the metadata before the first message. */
  abstract void headed(GrpcMetadata headers);

  /** Completes what the user has; called once. */
  abstract void finish(GrpcException status, GrpcMetadata trailers);

  /** Says that the call was given up on request; called once, in place of {@link #finish}. */
  abstract void discarded();

  /** Says that the channel takes no calls; called once, in place of {@link #finish}. */
  abstract void refused(Failure why);

  /* ------ Steps ------ */

  final void run() {
    if (!channel.enter()) {
      refuseBody();
      ended = true;
      refused(new Failure(TERMINATED));
      return;
    }
    if (options.metadata().size() > channel.settings().maxMetadata()) {
      end(
          new GrpcException(
              GrpcStatus.RESOURCE_EXHAUSTED,
              "more than " + channel.settings().maxMetadata() + " bytes of metadata"));
      return;
    }
    Optional<Duration> left = timeLeft();
    if (left.isPresent() && (left.get().isNegative() || left.get().isZero())) {
      expire();
      return;
    }
    left.ifPresent(time -> timer = clock.timer(time, this::expire));
    acquire();
  }

  private Optional<Duration> timeLeft() {
    return deadline.map(end -> Duration.between(clock.now(), end));
  }

  /**
   * The status of a call that has failed. A server resets a call whose time is over, and that may
   * arrive before the timer has run here.
   */
  final GrpcException failed(Throwable why) {
    GrpcException status = Failures.ofResponse(why);
    boolean late =
        status.status() == GrpcStatus.CANCELLED
            && timeLeft().filter(left -> left.isNegative() || left.isZero()).isPresent();
    return late ? new GrpcException(GrpcStatus.DEADLINE_EXCEEDED) : status;
  }

  private void acquire() {
    Future<ClientConnection> connection = channel.acquire(options.waitForReady());
    connecting = connection;
    enter(connection);
    connection.onAny(this::send);
  }

  /** Notes what a discard request has to reach from now on. */
  final void enter(Future<?> now) {
    step = now;
    if (givenUp) {
      now.discard(); // The request may have reached the step before.
    }
  }

  private void send(Future<ClientConnection> connection) {
    if (connection.isFailed()) {
      end(failed(connection.failure()));
      return;
    }
    if (!connection.isReady() || givenUp) {
      end(null, true);
      return;
    }
    ClientExchange exchange;
    ContextWire.Sent sent;
    try {
      Request request = request();
      sent = channel.contexts().sent(request);
      exchange = new ClientExchange(sent == null ? request : sent.request());
    } catch (Throwable thrown) {
      end(failed(thrown));
      return;
    }
    Future<Response> response = exchange.response();
    connection.get().submit(exchange);
    enter(response);
    if (sent != null) {
      response.onAny(sent::ended);
    }
    response.onAny(this::answered);
  }

  private Request request() {
    Headers.Builder headers = Headers.builder().add("te", "trailers");
    timeLeft().ifPresent(left -> headers.add("grpc-timeout", GrpcTimeout.encode(nanos(left))));
    headers.add("content-type", GrpcAnswers.TYPE);
    if (options.gzip()) {
      headers.add("grpc-encoding", CallHead.GZIP);
    }
    headers.add("grpc-accept-encoding", CallHead.ENCODINGS).add("user-agent", AGENT);
    options.metadata().addTo(headers);
    return Request.post(method.path(), body.make()).withHeaders(headers.build());
  }

  private static long nanos(Duration time) {
    try {
      return time.toNanos();
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }

  private void answered(Future<Response> done) {
    if (done.isReady()) {
      try {
        respond(done.get());
      } catch (Throwable thrown) {
        release(done.get());
        end(failed(thrown));
      }
    } else if (done.isFailed() && mayRepeat(done.failure())) {
      repetitions++;
      if (repetitions == 1) {
        acquire();
      } else {
        enter(channel.pause(this::acquire));
      }
    } else if (done.isFailed()) {
      end(failed(done.failure()));
    } else {
      end(null, true);
    }
  }

  private boolean mayRepeat(Throwable failure) {
    return !givenUp
        && repetitions < MOST_REPETITIONS
        && FlaggedFailure.has(failure, FailureFlag.RETRYABLE)
        && method.kind().takesOne();
  }

  private void respond(Response response) throws GrpcWireException {
    Headers fields = response.headers();
    boolean isAnswer =
        response.status().code() == 200 && GrpcAnswers.isType(fields.first("content-type", ""));
    if (!isAnswer || fields.contains("grpc-status")) {
      release(response);
      end(
          fields.contains("grpc-status")
              ? status(fields)
              : new GrpcException(
                  GrpcStatus.of(GrpcCode.ofHttp(response.status().code())),
                  "HTTP status "
                      + response.status()
                      + ", content-type '"
                      + fields.first("content-type", "")
                      + "'"),
          metadata(fields),
          false);
      return;
    }
    boolean gzip = CallHead.isGzip(fields, GrpcCode.INTERNAL);
    headed(GrpcMetadata.in(fields));
    receive(response, new MessageReader(channel.settings().maxMessage(), gzip, null));
  }

  private static void release(Response response) {
    if (response.body() instanceof Body.Streamed streamed) {
      streamed.refuse();
    }
  }

  /** Ends the call as the fields after the messages say. */
  final void endBy(Future<Headers> trailers) {
    trailers.onAny(
        done -> {
          if (!done.isReady()) {
            end(failed(done.isFailed() ? done.failure() : new Failure("the trailers are missing")));
            return;
          }
          try {
            end(status(done.get()), metadata(done.get()), false);
          } catch (GrpcWireException e) {
            end(Failures.of(e));
          }
        });
  }

  private static GrpcMetadata metadata(Headers fields) throws GrpcWireException {
    return GrpcMetadata.in(fields);
  }

  /** The status that fields have; null if it is OK. */
  static GrpcException status(Headers fields) throws GrpcWireException {
    Optional<String> number = fields.first("grpc-status");
    if (number.isEmpty()) {
      return new GrpcException(GrpcStatus.UNKNOWN, "the server has sent no grpc-status");
    }
    GrpcStatus status = GrpcStatus.of(GrpcCode.parse(number.get()));
    return status == GrpcStatus.OK
        ? null
        : new GrpcException(
            status, GrpcText.decode(fields.first("grpc-message", "")), metadata(fields));
  }

  /* ------ The end ------ */

  /** Gives up, on request of the user. */
  final void giveUp() {
    givenUp = true;
    step.discard();
  }

  private void expire() {
    String why = connecting.isPending() ? channel.problem() : "";
    end(new GrpcException(GrpcStatus.DEADLINE_EXCEEDED, why));
    giveUp();
  }

  final void end(GrpcException status) {
    end(status, status.trailers(), false);
  }

  /** Ends because a step was discarded. */
  final void endDiscarded() {
    end(null, true);
  }

  private void end(GrpcException status, boolean discarded) {
    end(status, GrpcMetadata.empty(), discarded);
  }

  /** Ends the call, unless it has ended before. */
  private void end(GrpcException status, GrpcMetadata trailers, boolean discarded) {
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
    }
    Timer set = timer;
    if (set != null) {
      set.cancel();
    }
    if (discarded) {
      refuseBody();
      discarded();
    } else {
      if (status != null) {
        refuseBody();
      }
      finish(status, trailers);
    }
    channel.leave();
  }

  /** Closes requests of which no more are sent. */
  private void refuseBody() {
    if (!method.kind().takesOne() && body.make() instanceof Body.Streamed streamed) {
      streamed.refuse();
    }
  }

  @Override
  public String toString() {
    return "call of " + method;
  }
}
