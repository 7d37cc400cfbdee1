package io.libprocess.grpc;

import io.libprocess.Codec;
import io.libprocess.PID;
import io.libprocess.context.Context;
import io.libprocess.context.Deadline;
import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.CheckedRunnable;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Status;
import io.libprocess.http.Version;
import io.libprocess.http.access.Access;
import io.libprocess.http.access.BodyAccess;
import io.libprocess.http.access.RequestAccess;
import io.libprocess.http.grpc.GrpcAnswers;
import io.libprocess.http.grpc.GrpcText;
import io.libprocess.http.grpc.GrpcWireException;
import io.libprocess.http.grpc.MessageReader;
import io.libprocess.http.grpc.MessageWriter;
import io.libprocess.http.http2.frame.ErrorCode;
import io.libprocess.http.http2.frame.Http2Exception;
import io.libprocess.internal.Log;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.internal.scheduler.ThreadContext;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.stream.Stream;
import io.libprocess.stream.Transform;
import io.libprocess.stream.access.Streams;
import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * A call on the server: reads the requests, has the handler called in the process to which the
 * route belongs, and makes the response of the replies and of how they end.
 *
 * <p>Its steps follow each other, on whatever threads; only the end of its time and a discard
 * request, by which HTTP says that the caller is gone, may come in between. The promise of the
 * response decides. The response is pending until the handler's future has ended, even if the
 * caller is gone, since HTTP counts it as work until then.
 *
 * @param <Q> the type of the requests
 * @param <R> the type of the replies
 */
final class ServerCall<Q, R> {

  private static final RequestAccess<Request, ?, ?, ?, ?, ?> REQUESTS = Access.to(Request.class);
  private static final BodyAccess<Body.Streamed> BODIES = Access.to(Body.Streamed.class);

  private static final int NOT_SUPPORTED = 505;
  private static final String LATE = "the deadline is exceeded";
  private static final String GONE = "the caller is gone";

  private final Request request;
  private final String type;
  private final GrpcCall call;
  private final CallHead head;
  private final Codec<Q> requests;
  private final Codec<R> replies;
  private final int most;
  private final Clock clock = Clock.current();
  private final Object process = ThreadContext.process(); // Null outside of processes.
  private final Context context;
  private final Promise<Response> answer = new Promise<>();

  private volatile Future<?> running = Future.done(); // What a discard request must reach.
  private volatile Timer timer; // Null if there is no deadline.
  private volatile boolean late; // The time is over.

  private ServerCall(
      Request request, CallHead head, Codec<Q> requests, Codec<R> replies, int most) {
    this.request = request;
    this.type = request.headers().first("content-type", GrpcAnswers.TYPE);
    this.head = head;
    this.call =
        new GrpcCall(
            request,
            head.metadata(),
            head.deadline().map(Deadline::deadline),
            head.callerTakesGzip());
    this.requests = requests;
    this.replies = replies;
    this.most = most;
    this.context =
        head.deadline()
            .map(deadline -> Context.current().with(Deadline.KEY, deadline))
            .orElseGet(Context::current);
  }

  /**
   * Serves a request.
   *
   * @param start calls the handler, or has it called
   */
  static <Q, R> Future<Response> serve(
      Request request,
      Codec<Q> requests,
      Codec<R> replies,
      int most,
      CheckedConsumer<ServerCall<Q, R>> start) {
    if (!request.method().equals("POST")) {
      return Future.of(Response.methodNotAllowed(List.of("POST"), request));
    }
    String type = request.headers().first("content-type", "");
    if (!GrpcAnswers.isType(type)) {
      return Future.of(Response.unsupportedMediaType("'" + type + "' is not application/grpc"));
    }
    if (request.version() != Version.HTTP_2) {
      String text = "gRPC needs HTTP/2, and this request came over " + request.version() + ".";
      return Future.of(Response.of(NOT_SUPPORTED, text));
    }
    CallHead head;
    try {
      head = CallHead.of(request.headers(), Clock.current().now());
    } catch (GrpcWireException e) {
      return Future.of(refusal(type, Failures.of(e)));
    }
    ServerCall<Q, R> call = new ServerCall<>(request, head, requests, replies, most);
    REQUESTS.allowSilence(request);
    call.begin(start);
    return call.answer.future();
  }

  private static Response refusal(String type, GrpcException status) {
    Headers.Builder headers = Headers.builder().add("content-type", type);
    headers.add("grpc-accept-encoding", CallHead.ENCODINGS);
    return new Response(Status.OK, putStatus(headers, status), Body.empty());
  }

  private void begin(CheckedConsumer<ServerCall<Q, R>> start) {
    answer.future().onDiscard(() -> running.discard());
    Optional<Duration> left = timeLeft();
    if (left.isPresent()) {
      timer = clock.timer(left.get(), this::expire);
    }
    inProcess(() -> start.accept(this));
  }

  private Optional<Duration> timeLeft() {
    return head.deadline()
        .map(deadline -> deadline.remaining(clock.now()))
        .map(left -> left.isNegative() ? Duration.ZERO : left);
  }

  private void expire() {
    late = true;
    running.discard();
  }

  private void enter(Future<?> now) {
    running = now;
    if (late || answer.future().hasDiscard()) {
      now.discard(); // The request may have reached what ran before.
    }
  }

  /** Runs users' code in the process and in the context of the call. */
  private void inProcess(CheckedRunnable code) {
    CheckedRunnable inContext =
        () ->
            context.call(
                () -> {
                  code.run();
                  return null;
                });
    if (process instanceof PID<?> pid && ThreadContext.process() != pid) {
      pid.call(
              any -> {
                inContext.run();
                return null;
              })
          .onFailed(this::fail)
          .onAbandoned(() -> fail(new GrpcException(GrpcStatus.UNAVAILABLE, "the process ends")));
      return;
    }
    try {
      inContext.run();
    } catch (Throwable thrown) {
      fail(thrown);
    }
  }

  /* ------ Requests ------ */

  /** Passes the only request to a function, in the process. */
  void withOne(CheckedConsumer<Q> function) throws Exception {
    if (!(request.body() instanceof Body.Streamed streamed)) {
      one(MessageBodies.in(request.bytes(), reader()), function);
      return;
    }
    Future<List<byte[]>> read = MessageBodies.firstTwo(streamed.stream(), reader());
    enter(read);
    read.onReady(found -> inProcess(() -> one(found, function)))
        .onFailed(thrown -> fail(Failures.ofRequests(thrown)))
        .onDiscarded(() -> fail(Failures.cancelled(GONE, null)));
  }

  private void one(List<byte[]> found, CheckedConsumer<Q> function) throws Exception {
    if (found.size() != 1) {
      throw new GrpcException(
          GrpcStatus.UNIMPLEMENTED,
          call + " takes one message, and " + (found.isEmpty() ? "none" : "more") + " came");
    }
    MemoryBudget.Share memory = memory();
    if (memory != null) {
      memory.take(found.get(0).length); // The handler may take long.
    }
    function.accept(MessageBodies.decoded(requests, found.get(0)));
  }

  /** The requests as a stream. */
  Stream<Q> requests() {
    return MessageBodies.values(request.stream(), reader(), requests, Failures::ofRequests);
  }

  private MessageReader reader() {
    return new MessageReader(most, head.isGzip(), memory());
  }

  /** What the request draws on until it is answered; null if its memory is not counted. */
  private MemoryBudget.Share memory() {
    return request.body() instanceof Body.Streamed streamed ? BODIES.memory(streamed) : null;
  }

  GrpcCall call() {
    return call;
  }

  /* ------ Replies ------ */

  /** Answers with the only reply. */
  void reply(Future<R> reply) {
    if (reply == null) {
      fail(Failures.internal("the handler returned no future", null));
      return;
    }
    enter(reply);
    reply
        .onAny(this::answer)
        .onAbandoned(() -> fail(Failures.internal("the handler has abandoned the call", null)));
  }

  private void answer(Future<R> done) {
    if (done.isFailed()) {
      fail(done.failure());
    } else if (done.isDiscarded()) {
      fail(Failures.cancelled("the handler has given up", null));
    } else {
      boolean packs = call.compresses();
      Chunk frame;
      try {
        frame = encoded(done.get());
      } catch (Throwable thrown) {
        fail(thrown);
        return;
      }
      respond(new Response(Status.OK, headers(packs), Body.of(frame), Future.of(trailers(null))));
    }
  }

  private Chunk encoded(R reply) {
    try {
      return MessageWriter.frame(replies.encode(reply), call.compresses());
    } catch (Throwable thrown) {
      Log.warning(() -> "A reply of " + call + " cannot be encoded", thrown);
      throw Failures.internal("the reply cannot be encoded", thrown);
    }
  }

  /** Answers with replies as they come. */
  void replies(Stream<R> stream) {
    if (stream == null) {
      fail(Failures.internal("the handler returned no stream", null));
      return;
    }
    Pipe.Reader<R> reader = stream.reader();
    Future<Optional<R>> first = reader.read();
    enter(first);
    first
        .onReady(reply -> answer(reader, reply))
        .onFailed(this::fail)
        .onDiscarded(
            () -> {
              GrpcException why = Failures.cancelled(late ? LATE : GONE, null);
              reader.close(why);
              fail(why);
            });
  }

  private void answer(Pipe.Reader<R> reader, Optional<R> first) {
    if (first.isEmpty()) {
      Headers.Builder fields = headers(false).toBuilder();
      trailers(null).forEach(field -> fields.add(field.name(), field.value()));
      respond(new Response(Status.OK, fields.build(), Body.empty()));
      return;
    }
    Stream<R> all = Stream.concat(List.of(Stream.from(List.of(first.get())), reader.stream()));
    Optional<Duration> left = timeLeft();
    Stream<R> timed = left.isEmpty() ? all : all.via(Transform.timeoutTotal(left.get()));
    Promise<Headers> trailers = new Promise<>();
    Transform<R, Chunk> frames =
        Streams.transform(
            (run, down) ->
                new ReplyStage<R>(down, this::encoded, this::ending, this::trailers, trailers));
    Body body = Body.of(timed.via(frames));
    respond(new Response(Status.OK, headers(call.mayCompress()), body, trailers.future()));
  }

  /** How a failure of the replies ends the call: with a status, or as a reset. */
  private Throwable ending(Throwable failure) {
    boolean over = timeLeft().filter(Duration::isZero).isPresent();
    return over && failure instanceof TimeoutException
        ? Http2Exception.stream(0, ErrorCode.CANCEL, LATE)
        : Failures.ofHandler(failure, call);
  }

  private Headers headers(boolean gzip) {
    Headers.Builder headers = Headers.builder().add("content-type", type);
    if (gzip) {
      headers.add("grpc-encoding", CallHead.GZIP);
    }
    headers.add("grpc-accept-encoding", CallHead.ENCODINGS);
    call.headers().addTo(headers);
    return headers.build();
  }

  /** The fields that say how the call has ended; of null that it has succeeded. */
  private Headers trailers(GrpcException status) {
    Headers.Builder fields = Headers.builder();
    if (status == null) {
      fields.add("grpc-status", "0");
    } else {
      putStatus(fields, status);
    }
    call.trailers().addTo(fields);
    return fields.build();
  }

  private static Headers putStatus(Headers.Builder fields, GrpcException status) {
    fields.add("grpc-status", Integer.toString(status.status().code()));
    if (!status.description().isEmpty()) {
      fields.add("grpc-message", GrpcText.encode(status.description()));
    }
    status.trailers().addTo(fields);
    return fields.build();
  }

  /* ------ The end ------ */

  private void respond(Response response) {
    Timer set = timer;
    if (set != null) {
      set.cancel();
    }
    if (late) {
      release(response);
      answer.set(reset());
    } else if (!answer.set(response)) {
      release(response);
    }
  }

  private static void release(Response unsent) {
    if (unsent.body() instanceof Body.Streamed streamed) {
      streamed.refuse();
    }
  }

  /** A response that resets the stream, because the caller has given up by itself. */
  private static Response reset() {
    return new Response(
        Status.OK,
        Headers.empty(),
        Body.of(Stream.failed(Http2Exception.stream(0, ErrorCode.CANCEL, LATE))));
  }

  private void fail(Throwable failure) {
    Headers.Builder fields = headers(false).toBuilder();
    trailers(Failures.ofHandler(failure, call))
        .forEach(field -> fields.add(field.name(), field.value()));
    respond(new Response(Status.OK, fields.build(), Body.empty()));
  }
}
