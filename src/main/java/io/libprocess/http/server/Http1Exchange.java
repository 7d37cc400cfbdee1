package io.libprocess.http.server;

import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.channel.IncomingBody;
import io.libprocess.http.exchange.Exchange;
import io.libprocess.internal.MemoryBudget;

/**
 * The state of an exchange that a connection of HTTP/1.1 keeps; used by the thread that works on
 * it.
 */
final class Http1Exchange extends Exchange {

  private final Http1Connection connection;

  int held; // The approximate bytes of memory that it takes without its body.
  long bytesBefore; // Bytes of the bodies that came before this one.
  IncomingBody body; // Null unless the body is streamed to the handler.
  Http1Exchange next; // In the order of the requests.
  boolean awaitsContinue; // The client waits for 100 before it sends the body.
  boolean close; // The connection ends with the response.
  boolean begun; // The head of the response has been written.

  Http1Exchange(
      HttpServer server, Http1Connection connection, Request request, MemoryBudget.Share memory) {
    super(server, request, memory);
    this.connection = connection;
    this.close = !request.keepAlive();
  }

  /** Makes the answer to input that is not a valid request, is not in time, or is too large. */
  static Http1Exchange refusal(HttpServer server, Http1Connection connection, Response answer) {
    server.refused(connection.clientAddress(), answer);
    Http1Exchange exchange = new Http1Exchange(server, connection, Request.get("/"), null);
    exchange.close = true;
    exchange.refuse(answer);
    return exchange;
  }

  @Override
  public void answered() {
    connection.askAtEnd();
  }

  /**
   * Notes that all of the body has arrived: its unread part counts until the response is sent, and
   * so do its trailers.
   */
  void keepCounted(int trailers) {
    long unread = body.held() + trailers;
    if (unread > 0) {
      hold(unread);
    }
  }

  boolean bodyHasEnded() {
    return body == null || body.isEnded();
  }

  /** Whether the client must now be asked to send the body. */
  boolean isContinueDue() {
    return awaitsContinue && body.isWanted();
  }

  /** Gives up, with the cause that the reader of the body gets. */
  void drop(Throwable why) {
    try {
      if (body != null) {
        body.fail(why);
      }
    } finally {
      drop();
      letGo();
    }
  }
}
