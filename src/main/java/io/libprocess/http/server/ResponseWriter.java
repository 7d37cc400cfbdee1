package io.libprocess.http.server;

import io.libprocess.http.Body;
import io.libprocess.http.Response;
import io.libprocess.http.Version;
import io.libprocess.http.channel.IncomingBody;
import io.libprocess.http.channel.Resumable;
import io.libprocess.http.channel.ServedFile;
import io.libprocess.http.exchange.ClientGone;
import io.libprocess.http.exchange.Exchange;
import io.libprocess.http.exchange.ServedConnection;
import io.libprocess.http.grammar.ContentLength;
import io.libprocess.http.http1.OutgoingFields;
import io.libprocess.http.http1.OutgoingStream;
import io.libprocess.http.http1.Output;
import io.libprocess.http.http1.ResponseEncoder;
import io.libprocess.http.http1.ResponseFraming;
import io.libprocess.internal.Log;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.internal.scheduler.RunLoop;
import io.libprocess.net.Transport;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Writes the responses of one connection in the order of the requests, in whatever order they come.
 * Used by the thread that works on the connection; asks for that work to go on when a piece of a
 * stream has come.
 *
 * <p>Output is kept while more responses are expected, until the thread has served its event or the
 * last response is there, so that the answers to a batch of requests leave together.
 */
final class ResponseWriter implements ServedConnection.Unanswered {

  private final Transport.Channel channel;
  private final ResponseEncoder encoder;
  private final Resumable connection;
  private final MemoryBudget.Share queued; // For output that the client has not taken.
  private final Output out;

  private Http1Exchange first;
  private Http1Exchange last;
  private int size;
  private long held; // By the unanswered requests.
  private boolean ended; // Nothing more is written.
  private boolean flushPlanned;
  private byte[] date; // The same for all responses that are written in one go.
  private volatile boolean turnEnded;

  // For the first response, if it is a stream.
  private OutgoingStream stream; // Null if it is not a stream.
  private ResponseFraming framing;

  private ServedFile file; // The first response's file; null if none.

  ResponseWriter(Transport.Channel channel, HttpServer server, Resumable connection) {
    this.channel = channel;
    this.encoder = server.encoder();
    this.queued = server.memory().share();
    this.connection = connection;
    this.out = new Output(channel);
  }

  /** Whether every request has been answered. */
  boolean isEmpty() {
    return first == null;
  }

  /** The number of unanswered requests. */
  int size() {
    return size;
  }

  /** The first unanswered request; null if there is none. */
  Http1Exchange first() {
    return first;
  }

  /** The approximate bytes of memory that the unanswered requests take; none if it is few. */
  long held() {
    return MemoryBudget.unlessSmall(held);
  }

  @Override
  public void forEachUnanswered(Consumer<Exchange> look) {
    int left = size; // Bounds the walk, whatever is read.
    for (Http1Exchange at = first; at != null && left > 0; at = at.next, left--) {
      if (at.response() == null) {
        look.accept(at);
      }
    }
  }

  /** Whether nothing more will be written. */
  boolean isEnded() {
    return ended;
  }

  void add(Http1Exchange exchange) {
    if (first == null) {
      first = exchange;
    } else {
      last.next = exchange;
    }
    last = exchange;
    size++;
    held += exchange.held;
  }

  /** Adds the response to a request that needs no exchange, when no other request is unanswered. */
  void addAnswered(Response response) {
    if (date == null) {
      date = encoder.date();
    }
    long length = ResponseFraming.length(response, false);
    encoder.putHead(out, response, date, ResponseFraming.LENGTH, length, Version.HTTP_1_1, false);
    if (response.body() instanceof Body.Bytes bytes) {
      out.put(bytes.content().retain()); // The response may be sent again.
    }
  }

  /** Writes a sign of life if a response is pending. */
  void putProcessing() {
    if (first != null && !ended && !first.begun && first.response() == null) {
      encoder.putProcessing(out);
    }
  }

  /**
   * Writes as much as possible.
   *
   * @param noMoreRequests whether the last response ends the connection
   */
  void advance(boolean noMoreRequests) {
    while (first != null && !ended && write(first, noMoreRequests)) {
      finishFirst();
    }
    date = null;
    flush();
    queued.resize(channel.queued());
  }

  /** Notes that the connection is gone: releases what was held for it. */
  void close() {
    queued.close();
  }

  /** Hands over the output, now or when the event has been served. */
  private void flush() {
    if (turnEnded) {
      turnEnded = false;
      flushPlanned = false;
      out.flush();
    } else if (first == null) {
      out.flush();
    } else if (!out.isEmpty() && !flushPlanned) {
      flushPlanned = true;
      RunLoop.atEnd(this::endTurn);
    }
  }

  private void endTurn() {
    turnEnded = true;
    connection.ask();
  }

  /** Writes a response, and tells whether it is written to its end. */
  private boolean write(Http1Exchange exchange, boolean noMoreRequests) {
    if (!exchange.begun) {
      Response response = exchange.response();
      if (response == null) {
        writeContinue(exchange);
        return false;
      }
      begin(exchange, response, noMoreRequests);
    }
    if (file != null) {
      return sendFile();
    }
    return stream == null || copy();
  }

  private void writeContinue(Http1Exchange exchange) {
    if (exchange.isContinueDue()) {
      exchange.awaitsContinue = false;
      encoder.putContinue(out);
    }
  }

  private void begin(Http1Exchange exchange, Response response, boolean noMoreRequests) {
    Version version = exchange.request.version();
    boolean head = exchange.isHead();
    ServedFile opened = exchange.file();
    long length =
        opened != null && !ResponseFraming.hasNoContent(response)
            ? opened.left()
            : ResponseFraming.length(response, head);
    framing = ResponseFraming.of(response, length, version);
    boolean sendsBody =
        !head && framing != ResponseFraming.BODILESS && !ResponseFraming.hasNoContent(response);
    if (response.body() instanceof Body.Streamed streamed) {
      if (sendsBody) {
        boolean chunked = framing == ResponseFraming.CHUNKED;
        stream =
            new OutgoingStream(
                streamed, chunked, length, response.trailers(), channel, out, connection);
        Throwable failure = stream.start();
        if (failure != null) {
          stream = null;
          begin(exchange, exchange.failed(failure), noMoreRequests); // Nothing has been sent.
          return;
        }
      } else {
        streamed.refuse();
      }
    }
    if (opened != null) {
      if (sendsBody) {
        file = opened;
      } else {
        opened.close();
      }
    }
    writeContinue(exchange); // The stream may be the request's own body.
    exchange.close |=
        noMoreRequests && exchange == last
            || framing == ResponseFraming.UNTIL_CLOSE
            || exchange.awaitsContinue // It is not known whether a body follows.
            || stream == null && leavesTooMuch(exchange)
            || OutgoingFields.askToClose(response.headers());
    exchange.begun = true;
    if (date == null) {
      date = encoder.date();
    }
    encoder.putHead(out, response, date, framing, length, version, exchange.close);
    if (sendsBody && response.body() instanceof Body.Bytes bytes) {
      out.put(bytes.content().retain()); // The response may be sent again.
    }
  }

  /** Whether the client has, or may have, more left of an unread body than is worth reading. */
  private static boolean leavesTooMuch(Http1Exchange exchange) {
    if (exchange.bodyHasEnded()) {
      return false;
    }
    long length = ContentLength.parse(exchange.request.headers().first("Content-Length", ""));
    return length == ContentLength.UNKNOWN || length > IncomingBody.MOST_DROPPED;
  }

  private void finishFirst() {
    Http1Exchange done = first;
    first = done.next;
    done.next = null;
    if (first == null) {
      last = null;
    }
    size--;
    held -= done.held;
    if (!done.bodyHasEnded()) {
      done.body.dismiss();
    }
    done.finish();
    if (done.close) {
      end();
    }
  }

  /** Ends the connection after what has been written. */
  void end() {
    if (!ended) {
      ended = true;
      out.flush();
      channel.closeAfterWrites();
    }
  }

  /**
   * Stops writing, and gives up the unanswered requests.
   *
   * @param gone the cause that the source of a stream gets
   */
  void drop(Throwable why, Throwable gone) {
    ended = true;
    if (stream != null) {
      stream.close(gone);
      stream = null;
    }
    if (file != null) {
      file.close();
      file = null;
    }
    for (Http1Exchange exchange = first; exchange != null; exchange = exchange.next) {
      try {
        exchange.drop(why);
      } catch (Throwable thrown) { // The others must be given up nevertheless.
        ClientGone.ignored(thrown);
      }
    }
    first = null;
    last = null;
    size = 0;
    held = 0;
  }

  /** Goes on sending a file; true when all of it has been sent. */
  private boolean sendFile() {
    out.flush();
    try {
      if (!file.send(channel)) {
        return false;
      }
      file = null;
      return true;
    } catch (IOException e) {
      Log.warning("The file of the answer to " + first + " failed", e);
      file.close();
      file = null;
      end();
      return false;
    }
  }

  /* ------ Streams ------ */

  /** Copies the available pieces; true when the stream has ended. */
  private boolean copy() {
    switch (stream.copy()) {
      case ENDED -> {
        stream = null;
        return true;
      }
      case FAILED -> cut(stream.failure());
      case WAITS -> {}
    }
    return false;
  }

  /**
   * Ends the connection without the end of the response, so that the client sees that it is
   * incomplete. If only the end of the connection would end the response, the remaining output is
   * dropped.
   */
  private void cut(Throwable why) {
    Log.warning("The stream of the answer to " + first + " failed", why);
    stream.close(why);
    stream = null;
    if (framing == ResponseFraming.UNTIL_CLOSE) {
      ended = true;
      channel.close();
    } else {
      end();
    }
  }
}
