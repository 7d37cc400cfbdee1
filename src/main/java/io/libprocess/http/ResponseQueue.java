package io.libprocess.http;

import io.libprocess.future.Future;
import io.libprocess.net.Transport;
import java.util.ArrayList;
import java.util.List;

/**
 * The responses of one connection, which leave in the order of the requests, whatever the order in
 * which they come. One response at a time is being written; only a streamed one takes longer than
 * an instant.
 *
 * <p>State is guarded by this object's lock. Under it bytes are handed to the channel, which keeps
 * them in order, but no future is completed and nothing of the user's is called.
 */
final class ResponseQueue {

  private final Transport.Channel channel;
  private final ResponseEncoder encoder;
  private final int most;
  private final Listener listener;

  private Exchange first;
  private Exchange last;
  private int size;
  private boolean full; // The listener waits for room.
  private StreamedResponse streaming; // Being written, or null.
  private boolean closing; // Nothing more is written.
  private boolean draining; // The last response ends the connection.

  /** What the connection wants to know; called without the lock. */
  interface Listener {

    /** An exchange is over: its response has been written. */
    void finished(Exchange exchange);

    /** There is room for requests again. */
    void room();

    /** No request is unanswered. */
    void idle();
  }

  ResponseQueue(Transport.Channel channel, ResponseEncoder encoder, int most, Listener listener) {
    this.channel = channel;
    this.encoder = encoder;
    this.most = most;
    this.listener = listener;
  }

  /** Whether no more requests should be added now; {@link Listener#room} will tell. */
  synchronized boolean isFull() {
    full = size >= most;
    return full;
  }

  synchronized boolean isEmpty() {
    return size == 0;
  }

  synchronized void add(Exchange exchange) {
    if (last == null) {
      first = exchange;
    } else {
      last.next = exchange;
    }
    last = exchange;
    size++;
  }

  /** Takes a response and writes what can be written. */
  void respond(Exchange exchange, Response response) {
    Progress progress = new Progress();
    synchronized (this) {
      if (exchange.response != null) {
        return;
      }
      exchange.response = response;
      if (first == exchange && streaming == null) {
        write(progress);
      }
    }
    report(progress);
  }

  /** Tells the client to go on with the body when its turn comes, unless it is answered before. */
  void continueWhenFirst(Exchange exchange) {
    synchronized (this) {
      exchange.awaitsContinue = exchange.response == null;
      if (first == exchange) {
        writeContinue(exchange);
      }
    }
  }

  private void writeContinue(Exchange exchange) {
    if (exchange.awaitsContinue && exchange.response == null && !closing) {
      exchange.awaitsContinue = false;
      Output out = new Output(channel);
      encoder.putContinue(out);
      out.flush();
    }
  }

  /** Lets the exchange's response end the connection; if it has been written, does it now. */
  void closeAfter(Exchange exchange) {
    synchronized (this) {
      exchange.close = true;
      if (exchange.responded && !closing) {
        closing = true;
        channel.closeAfterWrites();
      }
    }
  }

  /** Ends the connection after the responses to the requests that there are. */
  void drain() {
    boolean idle;
    synchronized (this) {
      draining = true;
      idle = size == 0 && !closing;
      closing |= idle;
    }
    if (idle) {
      channel.closeAfterWrites();
    }
  }

  /** Goes on with a streamed response after the channel was full. */
  void drained() {
    StreamedResponse waiting;
    synchronized (this) {
      waiting = streaming;
    }
    if (waiting != null) {
      waiting.drained();
    }
  }

  /** The connection is gone. */
  void closed() {
    List<Exchange> lost = new ArrayList<>();
    StreamedResponse cut;
    synchronized (this) {
      closing = true;
      for (Exchange exchange = first; exchange != null; exchange = exchange.next) {
        lost.add(exchange);
      }
      first = null;
      last = null;
      size = 0;
      cut = streaming;
      streaming = null;
    }
    if (cut != null) {
      cut.cancel();
    }
    for (Exchange exchange : lost) {
      Future<Response> future = exchange.future;
      if (future != null) {
        future.discard();
      }
      closeUnsent(exchange.response);
    }
  }

  private static void closeUnsent(Response response) {
    if (response != null && response.body() instanceof Body.Streamed streamed) {
      streamed.reader().close();
    }
  }

  /* ------ Writing ------ */

  /** What happened under the lock and has to be told without it. */
  private static final class Progress {
    private final List<Exchange> finished = new ArrayList<>(1);
    private StreamedResponse started;
    private boolean room;
    private boolean idle;
  }

  private void write(Progress progress) {
    Output out = new Output(channel);
    while (first != null && first.response != null && !closing && streaming == null) {
      Exchange exchange = first;
      ResponseFraming framing = putHead(exchange, out);
      exchange.responded = true;
      Body body = exchange.sendsBody(framing) ? exchange.response.body() : Body.empty();
      if (body instanceof Body.Streamed streamed) {
        streaming = new StreamedResponse(this, channel, exchange, framing, streamed.reader());
        progress.started = streaming;
      } else {
        if (body instanceof Body.Bytes bytes) {
          out.put(bytes.content());
        }
        finish(exchange, out, progress);
      }
    }
    out.flush();
    if (first != null && streaming == null) {
      writeContinue(first);
    }
  }

  private ResponseFraming putHead(Exchange exchange, Output out) {
    Request request = exchange.request;
    Response response = exchange.response;
    ResponseFraming framing = ResponseFraming.of(response, exchange.isHead(), request.version());
    exchange.close |=
        draining && exchange.next == null
            || framing == ResponseFraming.UNTIL_CLOSE
            || exchange.awaitsContinue // The client may send the body or not: nobody can tell.
            || ResponseEncoder.asksToClose(response);
    encoder.putHead(out, response, framing, exchange.isHead(), request.version(), exchange.close);
    return framing;
  }

  /** Takes the first exchange off; its response has been written. */
  private void finish(Exchange exchange, Output out, Progress progress) {
    first = exchange.next;
    last = first == null ? null : last;
    size--;
    progress.finished.add(exchange);
    progress.room |= full;
    full = false;
    progress.idle = size == 0;
    if (exchange.close) {
      closing = true;
      out.flush();
      channel.closeAfterWrites();
    }
  }

  private void report(Progress progress) {
    if (progress.started != null) {
      progress.started.start();
    }
    progress.finished.forEach(
        exchange -> {
          closeUnsent(exchange.response); // A stream may not have been wanted, as by HEAD.
          listener.finished(exchange);
        });
    if (progress.room) {
      listener.room();
    }
    if (progress.idle) {
      listener.idle();
    }
  }

  /** Called by a streamed response that has been written to its end. */
  void streamed(StreamedResponse done, Exchange exchange) {
    Progress progress = new Progress();
    synchronized (this) {
      if (streaming != done) {
        return; // The connection is gone.
      }
      streaming = null;
      finish(exchange, new Output(channel), progress);
      write(progress);
    }
    report(progress);
  }
}
