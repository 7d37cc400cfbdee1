package io.libprocess.http.client;

import io.libprocess.future.Failure;
import io.libprocess.http.http2.StreamTable;
import io.libprocess.http.http2.frame.PeerSettings;
import io.libprocess.http.http2.message.RequestHeads;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The requests of a client's connection that have not begun: each waits for a place among the
 * streams that the server takes. Used by the thread that works on the connection, except that any
 * thread may submit requests, and say that one is no longer wanted.
 *
 * <p><b>Unprocessed requests.</b> A request that the server has refused, that is beyond the last
 * one in its GOAWAY, or that was never written, has had no effect. Its failure says so, and it may
 * be sent again whatever its method.
 */
final class Http2ClientRequests {

  /** When the ids run out, a new connection has to be made. */
  private static final int LAST_ID = 1 << 30;

  private final Http2ClientConnection connection;
  private final StreamTable<Http2ClientStream> streams;
  private final PeerSettings peer;
  private final Places places;

  private final ConcurrentLinkedQueue<ClientExchange> submitted = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<ClientExchange> unwanted = new ConcurrentLinkedQueue<>();

  private final ArrayDeque<ClientExchange> waiting = new ArrayDeque<>(0); // For a place.
  private int nextId = 1;
  private boolean requiresHttp1; // The server has said that it takes nothing by HTTP/2.

  Http2ClientRequests(
      Http2ClientConnection connection,
      StreamTable<Http2ClientStream> streams,
      PeerSettings peer,
      Places places) {
    this.connection = connection;
    this.streams = streams;
    this.peer = peer;
    this.places = places;
  }

  /** The id of the next stream. */
  int nextId() {
    return nextId;
  }

  /** Adds a request; called by any thread. */
  void submit(ClientExchange exchange) {
    exchange
        .response()
        .onDiscard(
            () -> {
              unwanted.add(exchange);
              connection.ask();
            });
    submitted.add(exchange);
    connection.ask();
  }

  /** Gives up requests whose responses are no longer wanted. */
  void takeUnwanted(boolean gone) {
    for (ClientExchange exchange = unwanted.poll(); exchange != null; exchange = unwanted.poll()) {
      exchange.withdrawn = true;
      exchange.promise.discard();
      if (exchange.hasBegun()) {
        connection.giveUp(exchange);
      } else if (waiting.remove(exchange) || gone) {
        exchange.releaseBody();
        connection.requestEnded();
      }
    }
  }

  /** Takes the requests that were submitted. */
  void takeSubmitted(Failure whyLeaving) {
    ClientExchange exchange;
    while ((exchange = submitted.poll()) != null) {
      String refusal = RequestHeads.refusal(exchange.request, peer.maxHeaderList());
      if (exchange.withdrawn) {
        exchange.releaseBody();
        connection.requestEnded();
      } else if (places.areClosed()) {
        fail(exchange, unprocessed(exchange, whyLeaving));
      } else if (refusal != null) {
        fail(exchange, new Failure(refusal));
      } else {
        waiting.add(exchange);
      }
    }
  }

  /** Begins with the requests for which there are places. */
  void startWaiting() {
    while (!waiting.isEmpty() && !places.areClosed() && streams.size() < places.most()) {
      ClientExchange exchange = waiting.poll();
      Http2ClientStream stream =
          new Http2ClientStream(nextId, connection, exchange, peer.initialWindow());
      streams.use(nextId);
      nextId += 2;
      streams.add(stream);
      connection.progress(stream);
      if (exchange.close || nextId > LAST_ID) {
        connection.leave(new Failure("Cannot send more after 'Connection: close'"));
      }
      connection.start(stream);
    }
  }

  /** Fails the requests that wait. */
  void failWaiting(Throwable why) {
    for (ClientExchange next = waiting.poll(); next != null; next = waiting.poll()) {
      fail(next, unprocessed(next, why));
    }
  }

  /** Fails the requests that were submitted after the end. */
  void refuseSubmitted(Failure why) {
    for (ClientExchange next = submitted.poll(); next != null; next = submitted.poll()) {
      next.fail(unprocessed(next, why));
    }
  }

  private void fail(ClientExchange exchange, Throwable why) {
    connection.requestEnded(); // First, so that the next request can be sent here.
    exchange.fail(why);
  }

  /** Notes that the server takes no request by HTTP/2. */
  void requireHttp1() {
    requiresHttp1 = true;
  }

  /** Notes that the server has done nothing for a request; returns the failure that says so. */
  Throwable unprocessed(ClientExchange exchange, Throwable why) {
    exchange.unprocessed = true;
    exchange.requiresHttp1 |= requiresHttp1;
    return FlaggedFailure.with(why, FailureFlag.RETRYABLE);
  }
}
