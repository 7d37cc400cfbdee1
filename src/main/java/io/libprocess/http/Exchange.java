package io.libprocess.http;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;

/**
 * A request and its response to be. The fields of the first part belong to whoever parses the
 * connection's input, those of the second are guarded by the lock of the {@link ResponseQueue}.
 */
final class Exchange {

  final Request request;

  Pipe<Chunk> body; // Null unless the body is streamed to the handler.
  Promise<Headers> trailers; // Likewise.
  boolean bodyEnded = true;
  long dropped; // Bytes of the body that nobody wanted.

  Exchange next; // In the order of the requests.
  Future<Response> future; // Null until the handler has returned.
  Response response; // Null until there is one.
  boolean awaitsContinue; // The client wants to hear 100 before it sends the body.
  boolean close; // The connection ends with the response.
  boolean responded; // The response has been written, or its head.

  Exchange(Request request) {
    this.request = request;
    this.close = !request.keepAlive();
  }

  boolean isHead() {
    return request.method().equals("HEAD");
  }

  /** Whether a body follows the response's head. */
  boolean sendsBody(ResponseFraming framing) {
    return !isHead() && framing != ResponseFraming.BODILESS;
  }
}
