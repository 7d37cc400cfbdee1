package io.libprocess.grpc.interop;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.libprocess.support.Expect;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The client of grpc-java. */
final class JavaCaller implements Talk.Caller {

  private final ManagedChannel channel;

  JavaCaller(ManagedChannel channel) {
    this.channel = channel;
  }

  static MethodDescriptor<byte[], byte[]> method(String service, String name, Talk.Kind kind) {
    MethodDescriptor.MethodType type =
        kind == Talk.Kind.BIDIRECTIONAL
            ? MethodDescriptor.MethodType.BIDI_STREAMING
            : MethodDescriptor.MethodType.valueOf(kind.name());
    return MethodDescriptor.<byte[], byte[]>newBuilder(new Octets(), new Octets())
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(service, name))
        .build();
  }

  private Running start(MethodDescriptor<byte[], byte[]> method, Talk.Options options) {
    CallOptions call = CallOptions.DEFAULT;
    if (options.timeoutMillis() > 0) {
      call = call.withDeadlineAfter(options.timeoutMillis(), TimeUnit.MILLISECONDS);
    }
    if (options.gzip()) {
      call = call.withCompression("gzip");
    }
    Metadata metadata = new Metadata();
    options.texts().forEach((name, text) -> metadata.put(text(name), text));
    options.bytes().forEach((name, bytes) -> metadata.put(bytes(name), bytes));
    Running running = new Running(channel.newCall(method, call));
    running.call.start(running, metadata);
    running.call.request(Integer.MAX_VALUE);
    if (options.gzip()) {
      running.call.setMessageCompression(true);
    }
    return running;
  }

  static Metadata.Key<String> text(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  static Metadata.Key<byte[]> bytes(String name) {
    return Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER);
  }

  @Override
  public Talk call(
      String service, String name, Talk.Kind kind, Talk.Options options, List<byte[]> requests) {
    Running running = start(method(service, name, kind), options);
    requests.forEach(running::send);
    running.halfClose();
    return running;
  }

  @Override
  public Talk talk(String name, Talk.Options options) {
    return start(method(Talk.SERVICE, name, Talk.Kind.BIDIRECTIONAL), options);
  }

  @Override
  public List<Integer> many(String name, byte[] request, int count) throws Exception {
    MethodDescriptor<byte[], byte[]> method = method(Talk.SERVICE, name, Talk.Kind.UNARY);
    List<Running> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Running running = start(method, Talk.Options.NONE);
      running.send(request);
      running.halfClose();
      calls.add(running);
    }
    List<Integer> sizes = new ArrayList<>();
    for (Running call : calls) {
      sizes.add(call.next().length);
    }
    return sizes;
  }

  /** A call and its listener. */
  private static final class Running extends ClientCall.Listener<byte[]> implements Talk {
    private final ClientCall<byte[], byte[]> call;
    private final LinkedBlockingQueue<Optional<byte[]>> replies = new LinkedBlockingQueue<>();
    private final CompletableFuture<End> end = new CompletableFuture<>();
    private final Map<String, String> headers = new HashMap<>();

    Running(ClientCall<byte[], byte[]> call) {
      this.call = call;
    }

    @Override
    public void onHeaders(Metadata metadata) {
      synchronized (headers) {
        for (String name : metadata.keys()) {
          if (!name.endsWith("-bin")) {
            headers.put(name, metadata.get(text(name)));
          }
        }
      }
    }

    @Override
    public void onMessage(byte[] reply) {
      replies.add(Optional.of(reply));
    }

    @Override
    public void onClose(Status status, Metadata metadata) {
      Map<String, byte[]> trailers = new HashMap<>();
      for (String name : metadata.keys()) {
        if (name.endsWith("-bin")) {
          trailers.put(name, metadata.get(bytes(name)));
        }
      }
      String message = status.getDescription() == null ? "" : status.getDescription();
      synchronized (headers) {
        end.complete(new End(status.getCode().value(), message, Map.copyOf(headers), trailers));
      }
      replies.add(Optional.empty());
    }

    @Override
    public void send(byte[] request) {
      call.sendMessage(request);
    }

    @Override
    public void halfClose() {
      call.halfClose();
    }

    @Override
    public byte[] next() throws Exception {
      Optional<byte[]> next = replies.poll(Expect.SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("nothing came");
      }
      return next.orElse(null);
    }

    @Override
    public void cancel() {
      call.cancel("the test cancels", null);
    }

    @Override
    public End end() throws Exception {
      return end.get(Expect.SECONDS, TimeUnit.SECONDS);
    }
  }

  @Override
  public void stop() throws Exception {
    channel.shutdownNow();
    channel.awaitTermination(Expect.SECONDS, TimeUnit.SECONDS);
  }
}
