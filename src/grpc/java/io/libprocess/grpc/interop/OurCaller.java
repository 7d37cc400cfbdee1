package io.libprocess.grpc.interop;

import io.libprocess.Codec;
import io.libprocess.Node;
import io.libprocess.future.Future;
import io.libprocess.grpc.GrpcChannel;
import io.libprocess.grpc.GrpcMetadata;
import io.libprocess.grpc.GrpcMethod;
import io.libprocess.grpc.GrpcOptions;
import io.libprocess.grpc.GrpcOutcome;
import io.libprocess.grpc.GrpcReplies;
import io.libprocess.grpc.GrpcSettings;
import io.libprocess.grpc.GrpcStatus;
import io.libprocess.http.Url;
import io.libprocess.stream.Pipe;
import io.libprocess.stream.Stream;
import io.libprocess.support.Expect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The client of this library. */
final class OurCaller implements Talk.Caller {

  private final GrpcChannel channel;

  OurCaller(Node node, Url url, GrpcSettings settings) {
    channel = GrpcChannel.to(node, url, settings);
  }

  private static GrpcMethod<byte[], byte[]> method(String service, String name, Talk.Kind kind) {
    return new GrpcMethod<>(
        service, name, GrpcMethod.Kind.valueOf(kind.name()), Codec.BYTES, Codec.BYTES);
  }

  private GrpcChannel with(Talk.Options options) {
    GrpcMetadata.Builder metadata = GrpcMetadata.builder();
    options.texts().forEach(metadata::add);
    options.bytes().forEach(metadata::add);
    GrpcOptions ours =
        GrpcOptions.defaults().withMetadata(metadata.build()).withGzip(options.gzip());
    return channel.with(
        options.timeoutMillis() == 0
            ? ours
            : ours.withTimeout(Duration.ofMillis(options.timeoutMillis())));
  }

  @Override
  public Talk call(
      String service, String name, Talk.Kind kind, Talk.Options options, List<byte[]> requests) {
    GrpcMethod<byte[], byte[]> method = method(service, name, kind);
    GrpcChannel to = with(options);
    return switch (kind) {
      case UNARY -> new One(to.outcome(method, requests.get(0)));
      case SERVER_STREAMING -> new Many(null, to.serverStreaming(method, requests.get(0)));
      case CLIENT_STREAMING -> {
        // The outcome is not given out, so a value is one without metadata.
        Future<byte[]> reply = to.clientStreaming(method, Stream.from(requests));
        yield new One(
            reply.map(
                value ->
                    new GrpcOutcome<>(
                        java.util.Optional.of(value),
                        GrpcStatus.OK,
                        "",
                        GrpcMetadata.empty(),
                        GrpcMetadata.empty())));
      }
      case BIDIRECTIONAL -> new Many(null, to.bidirectional(method, Stream.from(requests)));
    };
  }

  @Override
  public Talk talk(String name, Talk.Options options) {
    Pipe<byte[]> requests = new Pipe<>(16);
    return new Many(
        requests,
        with(options)
            .bidirectional(
                method(Talk.SERVICE, name, Talk.Kind.BIDIRECTIONAL), requests.reader().stream()));
  }

  @Override
  public List<Integer> many(String name, byte[] request, int count) {
    GrpcMethod<byte[], byte[]> method = method(Talk.SERVICE, name, Talk.Kind.UNARY);
    List<Future<byte[]>> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      calls.add(channel.call(method, request));
    }
    return calls.stream().map(call -> Expect.ready(call).length).toList();
  }

  private static Talk.End end(GrpcOutcome<?> outcome) {
    Map<String, String> headers = new HashMap<>();
    for (String name : outcome.headers().names()) {
      outcome.headers().text(name).ifPresent(text -> headers.put(name, text));
    }
    Map<String, byte[]> trailers = new HashMap<>();
    for (String name : outcome.trailers().names()) {
      outcome.trailers().bytes(name).ifPresent(bytes -> trailers.put(name, bytes));
    }
    return new Talk.End(outcome.status().code(), outcome.description(), headers, trailers);
  }

  /** A call with one reply. */
  private static final class One implements Talk {
    private final Future<GrpcOutcome<byte[]>> outcome;
    private boolean taken;

    One(Future<GrpcOutcome<byte[]>> outcome) {
      this.outcome = outcome;
    }

    @Override
    public void send(byte[] request) {
      throw new UnsupportedOperationException("the only request went with the call");
    }

    @Override
    public void halfClose() {}

    @Override
    public byte[] next() {
      boolean first = !taken;
      taken = true;
      return first ? Expect.ready(outcome).value().orElse(null) : null;
    }

    @Override
    public void cancel() {
      outcome.discard();
      Expect.completed(outcome);
    }

    @Override
    public End end() {
      Expect.completed(outcome);
      return outcome.isDiscarded()
          ? new End(GrpcStatus.CANCELLED.code(), "", Map.of(), Map.of())
          : OurCaller.end(Expect.ready(outcome));
    }
  }

  /** A call with several replies. */
  private static final class Many implements Talk {
    private final Pipe<byte[]> requests;
    private final GrpcReplies<byte[]> replies;

    Many(Pipe<byte[]> requests, GrpcReplies<byte[]> replies) {
      this.requests = requests;
      this.replies = replies;
    }

    @Override
    public void send(byte[] request) {
      Expect.ready(requests.writer().write(request));
    }

    @Override
    public void halfClose() {
      requests.writer().close();
    }

    @Override
    public byte[] next() {
      Future<java.util.Optional<byte[]>> next = replies.reader().read();
      Expect.completed(next);
      return next.isReady() ? next.get().orElse(null) : null;
    }

    @Override
    public void cancel() {
      replies.outcome().discard();
      Expect.completed(replies.outcome());
    }

    @Override
    public End end() {
      Expect.completed(replies.outcome());
      return replies.outcome().isDiscarded()
          ? new End(GrpcStatus.CANCELLED.code(), "", Map.of(), Map.of())
          : OurCaller.end(Expect.ready(replies.outcome()));
    }
  }

  @Override
  public void stop() {
    channel.close();
  }
}
