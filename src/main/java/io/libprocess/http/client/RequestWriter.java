package io.libprocess.http.client;

import io.libprocess.http.Body;
import io.libprocess.http.channel.Resumable;
import io.libprocess.http.grammar.ContentLength;
import io.libprocess.http.http1.OutgoingStream;
import io.libprocess.http.http1.Output;
import io.libprocess.http.http1.RequestEncoder;
import io.libprocess.net.Transport;
import java.util.ArrayDeque;

/**
 * Writes the requests of one connection, one after another: a body that is a stream holds back the
 * requests behind it. Used by the thread that works on the connection.
 */
final class RequestWriter {

  private final Transport.Channel channel;
  private final RequestEncoder encoder;
  private final Resumable connection;
  private final Output out;
  private final ArrayDeque<ClientExchange> unwritten = new ArrayDeque<>();

  private OutgoingStream stream; // For the first request; null if it has none or has not begun.

  RequestWriter(Transport.Channel channel, RequestEncoder encoder, Resumable connection) {
    this.channel = channel;
    this.encoder = encoder;
    this.connection = connection;
    this.out = new Output(channel);
  }

  /** Whether it waits for something other than the server. */
  boolean isStarved() {
    return stream != null && stream.isStarved();
  }

  void add(ClientExchange exchange) {
    unwritten.add(exchange);
  }

  /** Stops writing a request; if it has begun, nothing may be written after it. */
  void remove(ClientExchange exchange) {
    if (exchange == unwritten.peek()) {
      closeStream(null);
    }
    unwritten.remove(exchange);
  }

  /**
   * Cancels the body that is being sent.
   *
   * @param cause the cause that its source gets; null if nothing has failed
   */
  void closeStream(Throwable cause) {
    if (stream != null) {
      stream.close(cause);
      stream = null;
    }
  }

  /**
   * Writes as much as possible.
   *
   * @return the reason why a request cannot be written to its end, or null
   */
  Throwable advance() {
    Throwable failure = null;
    while (failure == null && !unwritten.isEmpty()) {
      ClientExchange first = unwritten.peek();
      if (!first.hasBegun()) {
        begin(first);
      }
      if (first.awaitsContinue) {
        break;
      }
      if (stream == null && first.request.body() instanceof Body.Streamed streamed) {
        long length = RequestEncoder.length(first.request);
        boolean chunked = length == ContentLength.UNKNOWN;
        stream =
            new OutgoingStream(
                streamed, chunked, length, first.request.trailers(), channel, out, connection);
        failure = stream.start();
        if (failure != null) {
          break;
        }
      }
      if (stream == null) {
        out.put(first.bytes().retain());
      } else {
        OutgoingStream.Progress progress = stream.copy();
        if (progress == OutgoingStream.Progress.WAITS) {
          break;
        }
        if (progress == OutgoingStream.Progress.FAILED) {
          failure = stream.failure();
          stream.close(failure);
          break;
        }
        stream = null;
      }
      first.sent = ClientExchange.Sent.ALL;
      unwritten.remove();
    }
    out.flush();
    return failure;
  }

  private void begin(ClientExchange exchange) {
    exchange.sent = ClientExchange.Sent.HEAD;
    encoder.putHead(out, exchange.request);
  }
}
