package io.libprocess.grpc.interop;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.function.BiConsumer;

/** The service of the cases, by grpc-java. */
final class JavaService {

  private JavaService() {}

  static ServerServiceDefinition definition() {
    return ServerInterceptors.intercept(
        ServerServiceDefinition.builder(Talk.SERVICE)
            .addMethod(
                JavaCaller.method(Talk.SERVICE, "Empty", Talk.Kind.UNARY),
                ServerCalls.asyncUnaryCall((request, out) -> finish(out, new byte[0])))
            .addMethod(
                JavaCaller.method(Talk.SERVICE, "Unary", Talk.Kind.UNARY),
                ServerCalls.asyncUnaryCall(
                    asked((ask, out) -> finish(out, new byte[ask.sizes().get(0)]))::accept))
            .addMethod(
                JavaCaller.method(Talk.SERVICE, "Sleep", Talk.Kind.UNARY),
                ServerCalls.asyncUnaryCall((request, out) -> {}))
            .addMethod(
                JavaCaller.method(Talk.SERVICE, "Output", Talk.Kind.SERVER_STREAMING),
                ServerCalls.asyncServerStreamingCall(
                    asked(
                            (ask, out) -> {
                              ask.sizes().forEach(size -> out.onNext(new byte[size]));
                              out.onCompleted();
                            })
                        ::accept))
            .addMethod(
                JavaCaller.method(Talk.SERVICE, "Input", Talk.Kind.CLIENT_STREAMING),
                ServerCalls.asyncClientStreamingCall(Sum::new))
            .addMethod(
                JavaCaller.method(Talk.SERVICE, "Duplex", Talk.Kind.BIDIRECTIONAL),
                ServerCalls.asyncBidiStreamingCall(Duplex::new))
            .build(),
        new Echo());
  }

  private static void finish(StreamObserver<byte[]> out, byte[] reply) {
    out.onNext(reply);
    out.onCompleted();
  }

  /** Does what a request asks for, unless that is to fail. */
  private static BiConsumer<byte[], StreamObserver<byte[]>> asked(
      BiConsumer<Ask, StreamObserver<byte[]>> action) {
    return (request, out) -> {
      Ask ask = Ask.read(request);
      ServerCallStreamObserver<byte[]> call = (ServerCallStreamObserver<byte[]>) out;
      if (ask.status() != 0) {
        out.onError(failure(ask));
        return;
      }
      if (ask.compress()) {
        call.setCompression("gzip");
        call.setMessageCompression(true);
      }
      action.accept(ask, out);
    };
  }

  private static StatusException failure(Ask ask) {
    return Status.fromCodeValue(ask.status()).withDescription(ask.message()).asException();
  }

  /** Adds up the payloads. */
  private static final class Sum implements StreamObserver<byte[]> {
    private final StreamObserver<byte[]> out;
    private int sum;

    Sum(StreamObserver<byte[]> out) {
      this.out = out;
    }

    @Override
    public void onNext(byte[] request) {
      sum += Ask.read(request).payload();
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {
      finish(out, Ask.number(sum));
    }
  }

  /** Answers each request as it asks. */
  private static final class Duplex implements StreamObserver<byte[]> {
    private final StreamObserver<byte[]> out;

    Duplex(StreamObserver<byte[]> out) {
      this.out = out;
    }

    @Override
    public void onNext(byte[] request) {
      Ask ask = Ask.read(request);
      if (ask.status() != 0) {
        out.onError(failure(ask));
        return;
      }
      ask.sizes().forEach(size -> out.onNext(new byte[size]));
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {
      out.onCompleted();
    }
  }

  /** Sends metadata back. */
  private static final class Echo implements ServerInterceptor {
    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, R> call, Metadata sent, ServerCallHandler<Q, R> next) {
      Metadata.Key<String> text = JavaCaller.text("x-echo");
      Metadata.Key<byte[]> bytes = JavaCaller.bytes("x-echo-bin");
      return next.startCall(
          new SimpleForwardingServerCall<Q, R>(call) {
            @Override
            public void sendHeaders(Metadata headers) {
              if (sent.containsKey(text)) {
                headers.put(text, sent.get(text));
              }
              super.sendHeaders(headers);
            }

            @Override
            public void close(Status status, Metadata trailers) {
              if (sent.containsKey(bytes)) {
                trailers.put(bytes, sent.get(bytes));
              }
              super.close(status, trailers);
            }
          },
          sent);
    }
  }
}
