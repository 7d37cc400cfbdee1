package io.libprocess.grpc;

import io.libprocess.Codec;
import io.libprocess.EventView;
import io.libprocess.Process;
import io.libprocess.context.Deadline;
import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Route;
import io.libprocess.stream.Sink;
import io.libprocess.stream.Stream;
import io.libprocess.stream.Transform;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;

/** A service with a method of each kind, and one whose calls the test answers. */
final class EchoService extends Process<EchoService> {

  static final String NAME = "test.Echo";

  static final GrpcMethod<String, String> ECHO =
      GrpcMethod.unary(NAME, "Echo", Codec.STRING, Codec.STRING);

  /** Fails as the request says: with a status by its name, or in another way. */
  static final GrpcMethod<String, String> FAIL =
      GrpcMethod.unary(NAME, "Fail", Codec.STRING, Codec.STRING);

  static final GrpcMethod<String, String> HELD =
      GrpcMethod.unary(NAME, "Held", Codec.STRING, Codec.STRING);

  /** The numbers from 1 to the request. */
  static final GrpcMethod<Integer, Integer> COUNT =
      GrpcMethod.serverStreaming(NAME, "Count", Codec.INT, Codec.INT);

  static final GrpcMethod<Integer, Integer> SUM =
      GrpcMethod.clientStreaming(NAME, "Sum", Codec.INT, Codec.INT);

  /** Each request twice. */
  static final GrpcMethod<String, String> CHAT =
      GrpcMethod.bidirectional(NAME, "Chat", Codec.STRING, Codec.STRING);

  /** A call that the test answers. */
  record Held(String request, Promise<String> reply, Optional<Instant> deadline) {}

  final LinkedBlockingQueue<Held> held = new LinkedBlockingQueue<>();
  final LinkedBlockingQueue<GrpcCall> calls = new LinkedBlockingQueue<>();
  final LinkedBlockingQueue<Object> ends = new LinkedBlockingQueue<>(); // Of streams.

  EchoService() {
    super(NAME);
  }

  @Override
  protected void initialize() {
    route(Route.at("/Echo").streaming(), Grpc.unary(Codec.STRING, Codec.STRING, this::echo));
    route(Route.at("/Fail").streaming(), Grpc.unary(Codec.STRING, Codec.STRING, this::fail));
    route(Route.at("/Held").streaming(), Grpc.unary(Codec.STRING, Codec.STRING, this::hold));
    route(Route.at("/Count").streaming(), Grpc.serverStreaming(Codec.INT, Codec.INT, this::count));
    route(Route.at("/Sum").streaming(), Grpc.clientStreaming(Codec.INT, Codec.INT, this::sum));
    route(
        Route.at("/Chat").streaming(), Grpc.bidirectional(Codec.STRING, Codec.STRING, this::chat));
  }

  private Future<String> echo(String request, GrpcCall call) {
    eventCount(EventView.class); // Throws outside of the process.
    calls.add(call);
    call.headers(GrpcMetadata.builder().add("where", "before").addAll(echoed(call)).build());
    call.trailers(GrpcMetadata.of("where", "after"));
    call.compress(request.startsWith("compress"));
    return Future.of(request);
  }

  private static GrpcMetadata echoed(GrpcCall call) {
    GrpcMetadata.Builder echoed = GrpcMetadata.builder();
    call.metadata().text("echo").ifPresent(text -> echoed.add("echo", text));
    call.metadata().bytes("echo-bin").ifPresent(bytes -> echoed.add("echo-bin", bytes));
    return echoed.build();
  }

  private Future<String> fail(String how) {
    return switch (how) {
      case "failure" -> Future.failed("a text");
      case "exception" -> throw new IllegalStateException("secret");
      case "discarded" -> Future.discarded();
      case "abandoned" -> Future.abandoned();
      case "null" -> null;
      case "null value" -> Future.of(null);
      default -> {
        String[] parts = how.split(": ", 2);
        yield Future.failed(
            new GrpcException(
                GrpcStatus.valueOf(parts[0]),
                parts.length == 1 ? "" : parts[1],
                GrpcMetadata.of("why", "asked")));
      }
    };
  }

  private Future<String> hold(String request) {
    Promise<String> reply = new Promise<>();
    held.add(new Held(request, reply, Deadline.current().map(Deadline::deadline)));
    return reply.future();
  }

  private Stream<Integer> count(int most) {
    return Stream.from(() -> IntStream.rangeClosed(1, Math.abs(most)).iterator())
        .via(
            Transform.tap(
                number -> {
                  if (number == -most) {
                    throw new Failure("no more than " + (number - 1));
                  }
                }))
        .via(Transform.onTermination(ends::add));
  }

  private Future<Integer> sum(Stream<Integer> numbers, GrpcCall call) {
    calls.add(call);
    return numbers.via(Transform.onTermination(ends::add)).to(Sink.fold(0, Integer::sum));
  }

  private Stream<String> chat(Stream<String> lines) {
    return lines
        .via(Transform.onTermination(ends::add))
        .via(Transform.concatMap(line -> Stream.from(List.of(line, line))));
  }
}
