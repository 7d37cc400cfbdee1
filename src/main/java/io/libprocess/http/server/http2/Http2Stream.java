package io.libprocess.http.server.http2;

import io.libprocess.http.Headers;
import io.libprocess.http.Request;
import io.libprocess.http.access.Access;
import io.libprocess.http.access.RequestAccess;
import io.libprocess.http.exchange.Exchange;
import io.libprocess.http.exchange.ServerDeadlines;
import io.libprocess.http.http2.OpenStream;
import io.libprocess.http.http2.Pieces;
import io.libprocess.http.http2.StreamBody;
import io.libprocess.http.http2.frame.PeerSettings;
import io.libprocess.http.http2.message.RequestHead;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.stream.Chunk;

/**
 * A stream of a connection of HTTP/2: its state, windows, and the parts of the request and the
 * response. Used by the thread that works on the connection, except that any thread may ask for the
 * work on it to go on.
 */
final class Http2Stream extends OpenStream {

  private static final RequestAccess<Request, ?, ?, ?, ?, ?> REQUESTS = Access.to(Request.class);

  private final Http2Connection connection;
  final long began; // When the head arrived, in milliseconds.

  // The request.
  RequestHead head; // Null if it is answered without being handled, and after it was started.
  int held; // The approximate bytes of memory that it takes without its body.
  private Pieces pieces; // Of the body that came before it was started; null if none have.
  Headers trailers = Headers.empty();
  StreamBody body; // Null unless it is streamed to the handler.
  boolean awaitsContinue; // The client waits for 100 before it sends the body.
  MemoryBudget.Share memory; // What the body is collected in; null before it is, or if it is small.
  boolean hasBody; // The head was not the end of the request.
  long promised; // What the body may occupy of the memory for those that are arriving.
  long progress; // When the body last made progress, in server time.

  // The response.
  Http2Exchange exchange; // Null before the request is started.
  boolean headSent;
  int moved; // Bytes of the body that were sent since the next time.
  long movedAt; // When the body last made progress, in server time.

  Http2Stream(int id, Http2Connection connection, int window, RequestHead head, long began) {
    super(id, window, PeerSettings.INITIAL_WINDOW);
    this.connection = connection;
    this.head = head;
    this.began = began;
    if (head != null) {
      held = Exchange.COST + head.held();
      announce(head.length());
    }
  }

  /* ------ Asking ------ */

  @Override
  public void ask() {
    connection.asked.add(this);
    connection.ask();
  }

  /** Asks for the work when the current thread has served its event. */
  void askAtEnd() {
    connection.asked.add(this);
    connection.askAtEnd();
  }

  /* ------ The request's body ------ */

  /**
   * Notes that bytes of the body have arrived: each 64 of them are progress for a second.
   *
   * @param now in server time
   */
  void arrived(int bytes, long now) {
    awaitsContinue = false;
    progress = Math.min(now, progress + Math.max(1, bytes * 1000L / ServerDeadlines.LEAST_RATE));
  }

  /** Whether the rest of a body is waited for that the client may send now. */
  boolean awaitsMore() {
    return isOpen()
        && !mayBeSilent()
        && body != null
        && !body.hasArrived()
        && !awaitsContinue
        && receive.open() > 0;
  }

  private boolean mayBeSilent() {
    return exchange != null && REQUESTS.mayBeSilent(exchange.request);
  }

  /** The bytes of memory that are held for the request's body. */
  long heldByBody() {
    long held = pieces == null ? 0 : pieces.size();
    return body == null ? held : held + body.held();
  }

  /** Adds a piece of the body. */
  void add(Chunk piece) {
    if (body != null) {
      body.add(piece);
    } else if (head != null) {
      if (pieces == null) {
        pieces = new Pieces();
      }
      pieces.add(piece);
    }
  }

  /** How many bytes of the body are held by those who collect it. */
  long collected() {
    return memory == null ? 0 : memory.held() / 2; // Each counts twice until all are there.
  }

  boolean hasPieces() {
    return pieces != null;
  }

  /** The pieces that came before the request was started, as one. */
  Chunk takePieces() {
    Chunk taken = pieces == null ? Chunk.empty() : pieces.takeAll();
    pieces = null;
    return taken;
  }

  /** Adds the pieces that came before the request was started to its body. */
  void passPieces(StreamBody to) {
    if (pieces != null) {
      for (Chunk piece = pieces.poll(); piece != null; piece = pieces.poll()) {
        to.add(piece);
      }
      pieces = null;
    }
  }

  /** Whether the client must now be asked to send the body. */
  boolean isContinueDue() {
    return awaitsContinue && body.isWanted();
  }

  /** Gives up both directions, after the state was changed. */
  void abandon(Throwable why) {
    head = null;
    pieces = null;
    try {
      if (body != null) {
        body.fail(why);
      }
      closeContent(why);
    } finally {
      if (exchange != null) {
        exchange.abandon();
        connection.gaveUp(exchange);
      }
    }
  }

  @Override
  public String toString() {
    return "stream " + id() + (exchange == null ? "" : " (" + exchange + ")");
  }
}
