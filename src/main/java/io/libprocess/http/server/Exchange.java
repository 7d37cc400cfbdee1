package io.libprocess.http.server;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.CheckedRunnable;
import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Request;
import io.libprocess.http.RequestHandler;
import io.libprocess.http.Response;
import io.libprocess.http.Status;
import io.libprocess.http.StatusException;
import io.libprocess.http.coding.ContentCoding;
import io.libprocess.internal.Log;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Supplier;

/**
 * A request and its response to be. The response may be set by any thread, which then has the
 * connection look after it; all else belongs to the thread that works on the connection. It is its
 * own callback of the handler's future, so that a request costs no lambdas.
 */
final class Exchange implements CheckedConsumer<Future<Response>>, CheckedRunnable {

  private static final AtomicReferenceFieldUpdater<Exchange, Response> RESPONSE =
      AtomicReferenceFieldUpdater.newUpdater(Exchange.class, Response.class, "response");

  private static final Response DROPPED = Response.of(500);

  final Request request;
  private final ServerConnection connection;
  private volatile Response response; // Null until there is one.

  long bytesBefore; // Of bodies that arrived on the connection before this one's.
  IncomingBody body; // Null unless the body is streamed to the handler.
  Future<Response> future; // Null until the handler has returned.
  Exchange next; // In the order of the requests.
  boolean awaitsContinue; // The client wants to hear 100 before it sends the body.
  boolean close; // The connection ends with the response.
  boolean begun; // The head of the response has been written.

  Exchange(ServerConnection connection, Request request) {
    this.connection = connection;
    this.request = request;
    this.close = !request.keepAlive();
  }

  /** What is answered to something that is no request, or not in time. */
  static Exchange refusal(ServerConnection connection, StatusException failure) {
    Exchange exchange = new Exchange(connection, Request.get("/"));
    exchange.response = Response.of(failure.status().code(), failure.getMessage());
    return exchange;
  }

  boolean isHead() {
    return request.method().equals("HEAD");
  }

  boolean bodyHasEnded() {
    return body == null || body.isEnded();
  }

  /** Whether the client is to be told to send the body now. */
  boolean isContinueDue() {
    return awaitsContinue && body.isWanted();
  }

  /* ------ The response ------ */

  /** The response, or null. */
  Response response() {
    return response;
  }

  /** Calls the handler. */
  void start(RequestHandler handler) {
    future = callHandler(handler);
    if (future.isReady()) {
      accept(future);
    } else {
      future.onAny(this).onAbandoned(this);
    }
  }

  private Future<Response> callHandler(RequestHandler handler) {
    try {
      Future<Response> answer = handler.handle(request);
      return answer != null ? answer : Future.failed("the handler returned null");
    } catch (Throwable thrown) {
      return Future.failed(thrown);
    }
  }

  /** The handler's future is completed. */
  @Override
  public void accept(Future<Response> done) {
    try {
      answer(done);
    } catch (Throwable thrown) {
      respond(failed(thrown));
    }
  }

  private void answer(Future<Response> done) {
    if (done.isReady()) {
      complete(checked(done.get()));
    } else if (done.isFailed()) {
      respond(failed(done.failure()));
    } else {
      respond(failed("discarded future"));
    }
  }

  /** The handler's future is abandoned. */
  @Override
  public void run() {
    respond(failed("abandoned future"));
  }

  private Response checked(Response given) {
    if (given == null) {
      return failed("The handler answered null");
    }
    if (given.status().code() >= 200) {
      return given;
    }
    release(given);
    return failed("The handler answered with the interim status " + given.status());
  }

  private Response failed(String reason) {
    Log.warning(() -> "No answer to " + this + ": " + reason);
    return Response.internalServerError(reason);
  }

  private Response failed(Throwable failure) {
    Optional<Response> own = own(failure);
    if (own.isEmpty()) {
      return unexpected(failure);
    }
    Response answer = own.get();
    if (answer.status().code() >= 500) {
      Log.warning(() -> "The handler of " + this + " failed", failure);
    }
    return answer;
  }

  /**
   * What a failure of a handler is answered with, if its text is meant for the client: that of a
   * {@link StatusException}, and that of a {@link Failure} without a cause, which the handler has
   * made itself. Other texts tell of what the server is made of.
   */
  static Optional<Response> own(Throwable failure) {
    String message = failure.getMessage();
    if (failure instanceof StatusException refusal) {
      return Optional.of(Response.of(refusal.status().code(), message));
    }
    return failure instanceof Failure && failure.getCause() == null && message != null
        ? Optional.of(Response.internalServerError(message))
        : Optional.empty();
  }

  /** Tells the client no more than under which number the failure is found in the log. */
  private Response unexpected(Throwable failure) {
    String id = connection.nextFailureId();
    Log.warning(() -> "The handler of " + this + " failed (failure " + id + ")", failure);
    return Response.internalServerError(
        Status.INTERNAL_SERVER_ERROR + ". See the log for failure " + id + ".");
  }

  /** Does what a response needs before it can be sent. */
  private void complete(Response given) {
    if (given.body() instanceof Body.File file) {
      later(() -> opened(given, file));
    } else if (!ContentCoding.isWanted(request, given)) {
      respond(given);
    } else if (ContentCoding.takesLong(given)) {
      later(() -> ContentCoding.encoded(given));
    } else {
      respond(ContentCoding.encoded(given));
    }
  }

  private void later(Supplier<Response> blocking) {
    try {
      connection.runBlocking(() -> respond(outcome(blocking)));
    } catch (RejectedExecutionException e) {
      respond(failed("the node is closed"));
    }
  }

  private Response outcome(Supplier<Response> blocking) {
    try {
      return blocking.get();
    } catch (Throwable thrown) {
      return failed(thrown);
    }
  }

  private Response opened(Response given, Body.File file) {
    try {
      return FileAnswer.open(request, given, file.path());
    } catch (IOException e) {
      return unexpected(e);
    }
  }

  private void respond(Response answer) {
    if (RESPONSE.compareAndSet(this, null, answer)) {
      connection.askAtEnd();
    } else {
      release(answer); // Late, after having been abandoned.
    }
  }

  /** Gives up: asks the handler to stop, and lets go of the streams. */
  void drop(Throwable why) {
    if (body != null) {
      body.fail(why);
    }
    if (!RESPONSE.compareAndSet(this, null, DROPPED)) {
      release(response);
    }
    if (future != null) {
      future.discard();
    }
  }

  private static void release(Response unsent) {
    if (unsent.body() instanceof Body.Streamed streamed) {
      streamed.refuse();
    } else if (unsent.body() instanceof OpenFile file) {
      file.close();
    }
  }

  /** The request, without its query, which may hold what is secret. */
  @Override
  public String toString() {
    return request.method() + " " + request.path();
  }
}
