package io.libprocess.http.client;

import io.libprocess.future.Failure;
import io.libprocess.http.Headers;
import io.libprocess.http.Status;
import io.libprocess.http.http2.OpenStream;
import io.libprocess.http.http2.Pieces;
import io.libprocess.http.http2.StreamBody;
import io.libprocess.http.http2.frame.ErrorCode;
import io.libprocess.http.http2.frame.Http2Exception;
import io.libprocess.stream.Chunk;

/**
 * A stream of a client's connection of HTTP/2: a request with the parts of its response. Used by
 * the thread that works on the connection, except that any thread may ask for the work on it to go
 * on, or give up the response.
 */
final class Http2ClientStream extends OpenStream {

  /** The window of each stream at its beginning. */
  static final int WINDOW = 256 << 10;

  private final Http2ClientConnection connection;
  final ClientExchange exchange;

  volatile boolean givenUp; // The rest of the response is not wanted.
  long since; // When the request or the response last made progress, in milliseconds.

  // The response.
  Status status; // Null before the final head.
  Headers headers;
  StreamBody body; // Null before it is given out as a stream.
  final Pieces pieces = new Pieces(); // That came before.

  Http2ClientStream(int id, Http2ClientConnection connection, ClientExchange exchange, int window) {
    super(id, window, WINDOW);
    this.connection = connection;
    this.exchange = exchange;
  }

  @Override
  public void ask() {
    connection.asked.add(this);
    connection.ask();
  }

  /** Notes the head of the response. */
  void head(Status ofResponse, Headers fields, long length) {
    status = ofResponse;
    headers = fields;
    boolean bodiless = exchange.isHead() || status.isBodiless();
    announce(bodiless ? 0 : length);
  }

  /** The failure of a stream that the server has reset. */
  Failure resetBy(ErrorCode code) {
    String text = "The server has reset the stream: " + code;
    return new Failure(text, Http2Exception.stream(id(), code, text));
  }

  /** The bytes of memory that are held for the response. */
  long held() {
    return body == null ? pieces.size() : body.held();
  }

  /** Adds a piece of the body. */
  void add(Chunk piece) {
    if (body == null) {
      pieces.add(piece);
    } else {
      body.add(piece);
    }
  }

  /** Fails the request, or the rest of its response. */
  void fail(Throwable why) {
    closeContent(why);
    pieces.clear();
    if (body != null) {
      body.fail(new Failure("failed to decode body", why));
    }
    exchange.fail(why);
  }

  @Override
  public String toString() {
    return "stream " + id() + " (" + exchange + ")";
  }
}
