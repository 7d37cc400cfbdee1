package io.libprocess.http.server;

import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.channel.IncomingBody;
import io.libprocess.internal.MemoryBudget;

/** What a connection of HTTP/1.1 notes about an exchange; of the thread that works on it. */
final class Http1Exchange extends Exchange {

  private final Http1Connection connection;

  long bytesBefore; // Of bodies that arrived on the connection before this one's.
  IncomingBody body; // Null unless the body is streamed to the handler.
  Http1Exchange next; // In the order of the requests.
  boolean awaitsContinue; // The client wants to hear 100 before it sends the body.
  boolean close; // The connection ends with the response.
  boolean begun; // The head of the response has been written.

  Http1Exchange(
      HttpServer server, Http1Connection connection, Request request, MemoryBudget.Share memory) {
    super(server, request, memory);
    this.connection = connection;
    this.close = !request.keepAlive();
  }

  /** What is answered to something that is no request, or not in time, or too much. */
  static Http1Exchange refusal(HttpServer server, Http1Connection connection, Response answer) {
    Http1Exchange exchange = new Http1Exchange(server, connection, Request.get("/"), null);
    exchange.close = true;
    exchange.refuse(answer);
    return exchange;
  }

  @Override
  void answered() {
    connection.askAtEnd();
  }

  /** All of the body has arrived: what was not read of it counts until the response is sent. */
  void keepCounted() {
    long unread = body.held();
    if (unread > 0) {
      hold(unread);
    }
  }

  boolean bodyHasEnded() {
    return body == null || body.isEnded();
  }

  /** Whether the client is to be told to send the body now. */
  boolean isContinueDue() {
    return awaitsContinue && body.isWanted();
  }

  /** Gives up, and tells the reader of the body why. */
  void drop(Throwable why) {
    if (body != null) {
      body.fail(why);
    }
    drop();
  }
}
