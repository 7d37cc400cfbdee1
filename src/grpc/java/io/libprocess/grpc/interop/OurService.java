package io.libprocess.grpc.interop;

import io.libprocess.Codec;
import io.libprocess.Process;
import io.libprocess.future.CheckedBiFunction;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.grpc.Grpc;
import io.libprocess.grpc.GrpcCall;
import io.libprocess.grpc.GrpcException;
import io.libprocess.grpc.GrpcHandler;
import io.libprocess.grpc.GrpcMetadata;
import io.libprocess.grpc.GrpcStatus;
import io.libprocess.http.Route;
import io.libprocess.stream.Sink;
import io.libprocess.stream.Stream;
import io.libprocess.stream.Transform;
import java.util.List;

/** The service of the cases, by this library. */
final class OurService extends Process<OurService> {

  OurService() {
    super(Talk.SERVICE);
  }

  @Override
  protected void initialize() {
    route("/Empty", one((request, call) -> Future.of(new byte[0])));
    route("/Unary", one(this::unary));
    route("/Sleep", one((request, call) -> new Promise<byte[]>().future()));
    route(
        "/Output",
        Grpc.serverStreaming(
            Codec.BYTES,
            Codec.BYTES,
            (byte[] request, GrpcCall call) -> replies(Ask.read(request), call)));
    route("/Input", Grpc.clientStreaming(Codec.BYTES, Codec.BYTES, this::input));
    route("/Duplex", Grpc.bidirectional(Codec.BYTES, Codec.BYTES, this::duplex));
  }

  private void route(String path, GrpcHandler handler) {
    route(Route.at(path).streaming(), handler);
  }

  private static GrpcHandler one(CheckedBiFunction<byte[], GrpcCall, Future<byte[]>> handler) {
    return Grpc.unary(Codec.BYTES, Codec.BYTES, handler);
  }

  private static void echo(GrpcCall call) {
    call.metadata().text("x-echo").ifPresent(text -> call.headers(GrpcMetadata.of("x-echo", text)));
    call.metadata()
        .bytes("x-echo-bin")
        .ifPresent(bytes -> call.trailers(GrpcMetadata.builder().add("x-echo-bin", bytes).build()));
  }

  private static void check(Ask ask) {
    if (ask.status() != 0) {
      throw new GrpcException(GrpcStatus.of(ask.status()), ask.message());
    }
  }

  private Future<byte[]> unary(byte[] request, GrpcCall call) {
    echo(call);
    Ask ask = Ask.read(request);
    check(ask);
    call.compress(ask.compress());
    return Future.of(new byte[ask.sizes().get(0)]);
  }

  private static Stream<byte[]> replies(Ask ask, GrpcCall call) {
    check(ask);
    call.compress(ask.compress());
    return Stream.from(ask.sizes()).map(byte[]::new);
  }

  private Future<byte[]> input(Stream<byte[]> requests) {
    return requests
        .to(Sink.fold(0, (sum, request) -> sum + Ask.read(request).payload()))
        .map(Ask::number);
  }

  private Stream<byte[]> duplex(Stream<byte[]> requests, GrpcCall call) {
    echo(call);
    return requests.via(
        Transform.concatMap(request -> Stream.from(List.copyOf(list(request, call)))));
  }

  private static List<byte[]> list(byte[] request, GrpcCall call) {
    Ask ask = Ask.read(request);
    check(ask);
    call.compress(ask.compress());
    return ask.sizes().stream().map(byte[]::new).toList();
  }
}
