package io.libprocess.http.exchange;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Request;
import io.libprocess.http.RequestHandler;
import io.libprocess.http.Response;
import io.libprocess.http.Status;
import io.libprocess.http.StatusException;
import io.libprocess.http.channel.ServedFile;
import io.libprocess.http.coding.ContentCoding;
import io.libprocess.http.grpc.GrpcAnswers;
import io.libprocess.internal.MemoryBudget;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Supplier;

/**
 * A request with its response, independent of the version of HTTP: calls the handler, and turns its
 * answer into a response that can be sent. The wire adds its own state in a subclass.
 *
 * <p>The response may be set by any thread, which then notifies the wire ({@link #answered});
 * everything else belongs to the thread that works on the connection. Neither the exchange keeps
 * the handler's future when that has ended, nor the future the exchange when that was given up:
 * either may last much longer than the other.
 *
 * <pre>
 *   start -> the handler's future -> (opening the file, compressing) -> response -> finish
 *                    \______________________________________________-> drop
 * </pre>
 */
public abstract class Exchange {

  private static final AtomicReferenceFieldUpdater<Exchange, Response> RESPONSE =
      AtomicReferenceFieldUpdater.newUpdater(Exchange.class, Response.class, "response");

  private static final Response DROPPED = Response.of(500);

  /** The failure if there is no memory for a request. */
  public static final StatusException NO_MEMORY =
      new StatusException(Status.SERVICE_UNAVAILABLE, "The server has no memory left for this.");

  /** The answer then, and if there is none for the answer of a handler. */
  public static final Response OUT_OF_MEMORY = FailureAnswers.to(NO_MEMORY);

  /** The approximate bytes of memory that a request takes beside its head and its body. */
  public static final int COST = 1 << 10;

  /** A shorter answer is not counted, since counting would cost more. */
  private static final int LEAST_COUNTED = 1 << 10;

  public final Request request;
  private final ServerContext server;
  private final MemoryBudget.Share memory; // Held until the response is sent; may be null.
  private ServedFile file; // The response's body if it is a file; written before the response is.
  private volatile Response response; // Null until there is one.
  private AnswerWait waiting; // Null unless the handler's future is pending.
  private volatile MemoryBudget.Share answerMemory; // For the response's bytes; null if few.

  /**
   * Makes an exchange that has not begun.
   *
   * @param memory the memory for the request's body, now and later; may be null
   */
  public Exchange(ServerContext server, Request request, MemoryBudget.Share memory) {
    this.server = server;
    this.request = request;
    this.memory = memory;
  }

  /** Notifies the wire that there is a response; called by any thread. */
  public abstract void answered();

  /**
   * Notifies the wire that the handler has answered after the exchange was given up; called by any
   * thread.
   */
  public void answeredTooLate() {}

  public final boolean isHead() {
    return request.method().equals("HEAD");
  }

  /** The response, or null. */
  public final Response response() {
    return response;
  }

  /** The file that is the body of the response, or null. */
  public final ServedFile file() {
    return file;
  }

  /** Calls the handler. */
  public final void start(RequestHandler handler) {
    Future<Response> future = callHandler(handler);
    if (future.isReady()) {
      accept(future);
    } else {
      AnswerWait wait = new AnswerWait(this, future);
      waiting = wait;
      wait.begin();
    }
  }

  /** Answers without the handler. */
  public final void refuse(Response refusal) {
    response = GrpcAnswers.inKind(request, refusal);
  }

  private Future<Response> callHandler(RequestHandler handler) {
    try {
      Future<Response> answer = server.contexts().handle(handler, request);
      return answer != null ? answer : Future.failed("the handler returned null");
    } catch (Throwable thrown) {
      return Future.failed(thrown);
    }
  }

  /** Runs when the handler's future is completed. */
  final void accept(Future<Response> done) {
    waiting = null; // A large response that was replaced by a refusal must not stay.
    try {
      answer(done);
    } catch (Throwable thrown) {
      respond(failed(thrown));
    }
  }

  private void answer(Future<Response> done) {
    if (done.isDiscarded() && response != null) {
      answeredTooLate(); // The handler has stopped as asked: nobody waits, and nothing is wrong.
      return;
    }
    Response given = server.failures().answer(request, done);
    if (done.isReady()) {
      complete(checked(given));
    } else {
      respond(given);
    }
  }

  /** Runs when the handler's future is abandoned. */
  final void abandoned() {
    respond(server.failures().abandoned(request));
  }

  private Response checked(Response given) {
    if (given.status().code() >= 200) {
      return given;
    }
    release(given);
    return server.failures().answer(request, FailureAnswers.INTERIM + given.status());
  }

  /** The answer if the handler, or a stream before its first piece, has failed. */
  public final Response failed(Throwable failure) {
    try {
      return server.failures().answer(request, failure);
    } catch (Throwable more) { // There may be no memory even for saying so.
      return OUT_OF_MEMORY;
    }
  }

  /** Prepares a response for sending. */
  private void complete(Response given) {
    if (given.body() instanceof Body.File body) {
      later(() -> opened(given, body));
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
      server.blocking().execute(() -> respond(madeBy(blocking)));
    } catch (RejectedExecutionException e) {
      respond(server.failures().answer(request, e.getMessage()));
    }
  }

  private Response madeBy(Supplier<Response> blocking) {
    try {
      return blocking.get();
    } catch (Throwable thrown) {
      return failed(thrown);
    }
  }

  private Response opened(Response given, Body.File body) {
    try {
      FileAnswer.Opened answer = FileAnswer.open(request, given, body.path());
      file = answer.file();
      return answer.response();
    } catch (IOException e) {
      return server.failures().unexpected(request, e);
    }
  }

  private void respond(Response answer) {
    Response affordable = prepared(answer);
    if (RESPONSE.compareAndSet(this, null, affordable)) {
      answered();
    } else {
      release(affordable); // Too late: the exchange was given up.
      answeredTooLate();
    }
  }

  private Response prepared(Response answer) {
    try {
      return afforded(GrpcAnswers.inKind(request, answer));
    } catch (Throwable thrown) { // Without any answer the client would wait for ever.
      release(answer);
      return OUT_OF_MEMORY;
    }
  }

  /** The answer, or 503 if there is no memory to keep its bytes until they are sent. */
  private Response afforded(Response answer) {
    if (!(answer.body() instanceof Body.Bytes bytes) || bytes.content().size() < LEAST_COUNTED) {
      return answer;
    }
    MemoryBudget.Share share = server.memory().share();
    if (!share.tryTake(bytes.content().size())) {
      return OUT_OF_MEMORY;
    }
    answerMemory = share;
    if (response != null) {
      share.close(); // It was given up meanwhile, so it must be done here.
    }
    return answer;
  }

  /** The bytes that are held for the response until it is sent; none if it is short. */
  public final long heldByAnswer() {
    MemoryBudget.Share share = answerMemory;
    return share == null ? 0 : share.held();
  }

  /** Counts bytes that are held until the response is sent. */
  public final void hold(long bytes) {
    if (memory != null) {
      memory.take(bytes);
    }
  }

  /**
   * Notes that the response has been sent as far as the wire's own queue: releases what was held.
   */
  public final void finish() {
    if (memory != null) {
      memory.close();
    }
    MemoryBudget.Share share = answerMemory;
    if (share != null) {
      share.close();
    }
  }

  /**
   * Gives up: asks the handler to stop, and closes the streams.
   *
   * @return whether there was a response
   */
  public final boolean drop() {
    boolean answered = !RESPONSE.compareAndSet(this, null, DROPPED);
    try {
      if (answered) {
        release(response);
      }
    } finally {
      finish();
    }
    AnswerWait wait = waiting;
    if (wait != null) {
      wait.discard();
    }
    return answered;
  }

  /** Takes no part any more in what becomes of the handler's future. */
  public final void letGo() {
    AnswerWait wait = waiting;
    if (wait != null) {
      wait.letGo();
    }
  }

  private void release(Response unsent) {
    if (unsent.body() instanceof Body.Streamed streamed) {
      streamed.refuse();
    }
    if (file != null) {
      file.close();
    }
  }

  /** A description: the request without its query, which may be secret. */
  @Override
  public String toString() {
    return request.method() + " " + request.path();
  }
}
