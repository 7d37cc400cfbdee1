package io.libprocess.http.client;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.channel.IncomingBody;
import io.libprocess.http.http1.RequestEncoder;
import io.libprocess.internal.scheduler.RunLoop;
import io.libprocess.stream.Chunk;

/**
 * A request of a client's connection with the promise of its response. All fields but the promise
 * belong to the thread that works on the connection.
 */
public final class ClientExchange {

  /** How much of a request has been written; it only grows. */
  enum Sent {
    NOTHING,
    /** A response may come. */
    HEAD,
    /** Some of the body has been taken, so it cannot be sent again if it is a stream. */
    PART_OF_BODY,
    ALL
  }

  final Request request;
  final Promise<Response> promise = new Promise<>();

  Sent sent = Sent.NOTHING;
  boolean awaitsContinue; // The body waits until the server asks for it, or for a limited time.
  boolean close; // The connection ends with the response.
  boolean withdrawn; // The response is no longer wanted.
  boolean requiresHttp1; // The server does not take the request by HTTP/2.
  boolean unprocessed; // The server has done nothing for it, and it may be sent again.
  boolean answered; // A head has come, perhaps an interim one.
  IncomingBody body; // The response's; null unless it is a stream that has begun.

  private final boolean keepsBody; // Of a request that may be sent again, for the next attempt.

  public ClientExchange(Request request) {
    this(request, false);
  }

  /**
   * Makes an exchange that has not begun.
   *
   * @param keepsBody whether the body is kept if the exchange fails, its body was not read and the
   *     server has done nothing, so that another exchange can send the request
   */
  ClientExchange(Request request, boolean keepsBody) {
    this.request = request;
    this.keepsBody = keepsBody;
    this.close = !request.keepAlive();
    this.awaitsContinue = RequestEncoder.expectsContinue(request);
  }

  /** Ready when the head of the response has arrived. */
  public Future<Response> response() {
    return promise.future();
  }

  /** Whether the head of the request has been written, so that a response may come. */
  boolean hasBegun() {
    return sent != Sent.NOTHING;
  }

  /** Whether all of the request has been written. */
  boolean isWritten() {
    return sent == Sent.ALL;
  }

  boolean isHead() {
    return request.method().equals("HEAD");
  }

  /** Whether a failure before any response allows another attempt on a new connection. */
  boolean mayBeRepeated() {
    boolean idempotent =
        switch (request.method()) {
          case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE" -> true;
          default -> false;
        };
    return !(request.body() instanceof Body.Streamed) && !answered && (idempotent || !hasBegun());
  }

  /** Whether all of the request can be sent again. */
  private boolean isWhole() {
    return !(request.body() instanceof Body.Streamed) || sent.compareTo(Sent.HEAD) <= 0;
  }

  /** Whether the server has done nothing for the request, and all of it can be sent again. */
  boolean isUnprocessed() {
    return unprocessed && isWhole();
  }

  /** Whether the server wants the request by HTTP/1.1, and all of it can be sent again. */
  boolean mustUseHttp1() {
    return requiresHttp1 && isWhole();
  }

  /**
   * Completes the response's future, or drops the response if it was discarded. Callbacks may
   * block, and the connection goes on meanwhile.
   */
  void answer(Response response) {
    RunLoop.apart(() -> complete(response));
  }

  private void complete(Response response) {
    if (!promise.setUnlessDiscardRequested(response)) {
      promise.discard();
      if (response.body() instanceof Body.Streamed streamed) {
        streamed.refuse();
      }
    }
  }

  /** Ends the exchange: there will be no response, or no more of it. */
  void fail(Throwable why) {
    if (!keepsBody || !isUnprocessed() && !mustUseHttp1()) {
      releaseBody(); // First, so that the stream is closed when the failure becomes known.
    }
    if (body != null) {
      body.fail(new Failure("failed to decode body", why));
    }
    RunLoop.apart(() -> promise.fail(why));
  }

  /** Closes the request's body, of which no more will be sent. */
  void releaseBody() {
    if (!isWritten() && request.body() instanceof Body.Streamed streamed) {
      streamed.refuse();
    }
  }

  boolean hasBody() {
    return request.body() instanceof Body.Streamed || !bytes().isEmpty();
  }

  /** The bytes of the request's body, if they are all in memory. */
  Chunk bytes() {
    return request.body() instanceof Body.Bytes bytes ? bytes.content() : Chunk.empty();
  }

  /** A description: the request without its query, which may be secret. */
  @Override
  public String toString() {
    return request.method() + " " + request.path();
  }
}
