package io.libprocess.grpc;

import static java.util.Objects.requireNonNull;

import io.libprocess.Codec;
import io.libprocess.future.Future;
import io.libprocess.http.grpc.GrpcWireException;
import io.libprocess.http.grpc.MessageReader;
import io.libprocess.http.grpc.MessageStage;
import io.libprocess.http.grpc.MessageWriter;
import io.libprocess.internal.Reason;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Sink;
import io.libprocess.stream.Stream;
import io.libprocess.stream.Transform;
import io.libprocess.stream.access.Streams;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.FusedStage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The messages in bodies. */
final class MessageBodies {

  private MessageBodies() {}

  /** All messages in bytes that are there, which still belong to the caller. */
  static List<byte[]> in(Chunk bytes, MessageReader reader) throws GrpcWireException {
    List<byte[]> found = new ArrayList<>(1);
    reader.feed(bytes.retain());
    try {
      for (byte[] next = reader.next(); next != null; next = reader.next()) {
        found.add(next);
      }
      reader.end();
    } finally {
      reader.close();
    }
    return found;
  }

  /** The only message in bytes that come, or two if there are more. */
  static Future<List<byte[]>> firstTwo(Stream<Chunk> bytes, MessageReader reader) {
    Transform<Chunk, byte[]> messages =
        Streams.transform((run, down) -> new MessageStage(run, down, reader).input());
    return bytes.via(messages).via(Transform.take(2)).to(Sink.toList(2));
  }

  /** The value of a message. */
  static <T> T decoded(Codec<T> codec, byte[] message) {
    try {
      return requireNonNull(codec.decode(message), "the codec returned null");
    } catch (Throwable thrown) {
      throw Failures.internal("a message cannot be decoded: " + Reason.description(thrown), thrown);
    }
  }

  /** The frame of a value. */
  static <Q> Chunk encoded(Codec<Q> codec, Q request, boolean gzip) {
    try {
      return MessageWriter.frame(codec.encode(request), gzip);
    } catch (Throwable thrown) {
      throw Failures.internal("a request cannot be encoded: " + thrown, thrown);
    }
  }

  /** The frames of values as they come. */
  static <Q> Stream<Chunk> frames(Stream<Q> values, Codec<Q> codec, boolean gzip) {
    Transform<Q, Chunk> frames =
        Streams.transform((run, down) -> new EncodeStage<>(down, codec, gzip));
    return values.via(frames);
  }

  /** The values of the messages in bytes that come. */
  static <T> Stream<T> values(
      Stream<Chunk> bytes,
      MessageReader reader,
      Codec<T> codec,
      Function<Throwable, GrpcException> failures) {
    Transform<Chunk, T> values =
        Streams.transform(
            (run, down) ->
                new MessageStage(run, new DecodeStage<>(down, codec, failures), reader).input());
    return bytes.via(values);
  }

  /** A stage that decodes messages, and makes a status of whatever fails. */
  private static final class DecodeStage<T> extends FusedStage<byte[], T> {

    private final Codec<T> codec;
    private final Function<Throwable, GrpcException> failures;

    DecodeStage(
        Downstream<? super T> down, Codec<T> codec, Function<Throwable, GrpcException> failures) {
      super(down);
      this.codec = codec;
      this.failures = failures;
    }

    @Override
    public void next(byte[] message) {
      if (done) {
        return;
      }
      T value;
      try {
        value = decoded(codec, message);
      } catch (GrpcException e) {
        failed(e);
        return;
      }
      down.next(value);
    }

    @Override
    public void fail(Throwable failure) {
      super.fail(failures.apply(failure));
    }
  }

  /** A stage that turns requests into the body of a call, and makes a status of whatever fails. */
  private static final class EncodeStage<Q> extends FusedStage<Q, Chunk> {

    private final Codec<Q> codec;
    private final boolean gzip;

    EncodeStage(Downstream<? super Chunk> down, Codec<Q> codec, boolean gzip) {
      super(down);
      this.codec = codec;
      this.gzip = gzip;
    }

    @Override
    public void next(Q request) {
      if (done) {
        return;
      }
      Chunk frame;
      try {
        frame = encoded(codec, request, gzip);
      } catch (GrpcException e) {
        failed(e);
        return;
      }
      down.next(frame);
    }

    @Override
    public void fail(Throwable failure) {
      super.fail(Failures.cancelled("the requests have failed: " + failure, failure));
    }
  }
}
