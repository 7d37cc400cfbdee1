package io.libprocess.http.client;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.CookieJar;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import io.libprocess.http.coding.GzipStream;
import io.libprocess.http.context.ContextWire;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import java.util.Optional;

/**
 * A request of a client with all it takes to get its answer, over one or more connections: it
 * follows redirects, and starts again if a reused connection turns out to be dead. A request that
 * the server wants on another connection, or by HTTP/1.1, gets once a connection of its own. The
 * steps follow each other, on whatever threads; only the discard request may come in between.
 */
public final class ClientCall {

  private static final int MOST_REPETITIONS = 3;
  private static final int MISDIRECTED = 421;
  private static final Future<Void> NOTHING = Future.done();

  private final ClientPool pool;
  private final boolean gzip;
  private final CookieJar cookies; // Null if none are kept.
  private final Promise<Response> promise = new Promise<>();

  private volatile Future<?> step = NOTHING; // The step that a discard request must reach.
  private Url url;
  private Request request;
  private boolean asksForGzip;
  private int redirectsLeft;
  private int repetitions;
  private boolean alone; // It was sent again on a connection of its own.
  private boolean elsewhere; // A redirect has led to another server, which gets no context.

  /**
   * A call that has not begun.
   *
   * @param gzip whether to ask for it
   * @param cookies null if none are kept
   * @param redirects how many may be followed
   */
  public ClientCall(
      ClientPool pool, boolean gzip, CookieJar cookies, Url url, Request request, int redirects) {
    this.pool = pool;
    this.gzip = gzip;
    this.cookies = cookies;
    this.url = url;
    this.request = request;
    this.redirectsLeft = redirects;
  }

  /** Starts; a discard request gives up, and ends the connection that is in use. */
  public Future<Response> start() {
    promise.future().onDiscard(() -> step.discard());
    acquire();
    return promise.future();
  }

  private void acquire() {
    Future<ClientPool.Lease> lease;
    try {
      lease = pool.acquire(url);
    } catch (Throwable thrown) {
      release(request.body());
      promise.fail(thrown);
      return;
    }
    enter(lease);
    lease.onAny(this::leased);
  }

  /**
   * Sends the request once more, on a connection of its own; false if that was done, or cannot be.
   *
   * @param http1 whether by HTTP/1.1
   */
  private boolean acquireSingle(boolean http1) {
    if (alone) {
      return false;
    }
    alone = true;
    Optional<Future<ClientPool.Lease>> lease = pool.acquireSingle(url, http1);
    if (lease.isEmpty()) {
      return false;
    }
    enter(lease.get());
    lease.get().onAny(this::leased);
    return true;
  }

  private void enter(Future<?> now) {
    step = now;
    if (promise.future().hasDiscard()) {
      now.discard(); // The request may have reached the step before.
    }
  }

  private void leased(Future<ClientPool.Lease> done) {
    if (!done.isReady()) {
      end(done);
      return;
    }
    ClientPool.Lease lease = done.get();
    if (promise.future().hasDiscard()) {
      pool.putBack(lease);
      release(request.body());
      promise.discard();
      return;
    }
    ClientExchange exchange;
    ContextWire.Sent sent;
    try {
      Request plain = prepared();
      sent = elsewhere ? null : pool.contexts().sent(plain);
      exchange = new ClientExchange(sent == null ? plain : sent.request(), true);
    } catch (Throwable thrown) {
      pool.putBack(lease);
      release(request.body());
      promise.fail(thrown);
      return;
    }
    Future<Response> response = exchange.response();
    lease.connection().submit(exchange);
    if (!lease.connection().isShared()) {
      response.onDiscard(lease.connection()::disconnect);
    }
    enter(response);
    if (sent != null) {
      response.onAny(sent::ended);
    }
    response.onAny(answer -> answered(answer, exchange, lease.fresh()));
  }

  private Request prepared() {
    Request sent = withCookies(request.withTarget(url.target()).withKeepAlive(true));
    asksForGzip =
        gzip
            && !request.headers().contains("Accept-Encoding")
            && !request.headers().contains("Range");
    return asksForGzip ? sent.withHeader("Accept-Encoding", "gzip") : sent;
  }

  private Request withCookies(Request sent) {
    Optional<String> kept = cookies == null ? Optional.empty() : cookies.header(url);
    if (kept.isEmpty()) {
      return sent;
    }
    Optional<String> own = sent.headers().first("Cookie");
    return sent.withHeader("Cookie", own.map(field -> field + "; ").orElse("") + kept.get());
  }

  private void answered(Future<Response> done, ClientExchange exchange, boolean fresh) {
    if (done.isReady()) {
      try {
        respond(done.get());
      } catch (Throwable thrown) {
        release(done.get().body());
        promise.fail(thrown);
      }
    } else if (done.isFailed()
        && !exchange.mustUseHttp1()
        && (exchange.isUnprocessed() || !fresh && exchange.mayBeRepeated())
        && repetitions++ < MOST_REPETITIONS) {
      if (exchange.isUnprocessed()) {
        pool.repeat(repetitions, this::acquire);
      } else {
        acquire();
      }
    } else if (!done.isFailed() || !exchange.mustUseHttp1() || !acquireSingle(true)) {
      end(done);
    }
  }

  private void respond(Response response) {
    if (response.status().code() == MISDIRECTED
        && !(request.body() instanceof Body.Streamed)
        && acquireSingle(false)) {
      release(response.body());
      return;
    }
    if (cookies != null) {
      cookies.store(url, response);
    }
    Optional<Redirect> redirect =
        redirectsLeft == 0 ? Optional.empty() : Redirect.of(url, request, response);
    if (redirect.isPresent()) {
      redirectsLeft--;
      release(response.body());
      elsewhere |= !redirect.get().url().withTarget("/").equals(url.withTarget("/"));
      url = redirect.get().url();
      request = redirect.get().request();
      acquire();
      return;
    }
    Response decoded = asksForGzip ? decoded(response) : response;
    if (!promise.setUnlessDiscardRequested(decoded)) {
      release(decoded.body());
      promise.discard();
    }
  }

  /** Gives up a body: the request's, of which no more will be sent, or a response's. */
  private static void release(Body body) {
    if (body instanceof Body.Streamed streamed) {
      streamed.refuse();
    }
  }

  /** Decodes the body of a response if it is gzip. */
  private Response decoded(Response response) {
    String coding = response.headers().joined("Content-Encoding").orElse("");
    boolean known = coding.equalsIgnoreCase("gzip") || coding.equalsIgnoreCase("x-gzip");
    if (!known || response.body() instanceof Body.Empty) {
      return response;
    }
    MemoryBudget.Share memory = pool.memory().share();
    Body plain =
        response.body() instanceof Body.Streamed streamed
            ? GzipStream.decoded(streamed, memory)
            : GzipStream.decoded(response.bytes(), memory);
    return response
        .withHeaders(response.headers().without("Content-Encoding").without("Content-Length"))
        .withBody(plain);
  }

  private void end(Future<?> done) {
    release(request.body());
    if (done.isFailed()) {
      // That it may be sent again is for those who do so, and not for whoever sees this.
      promise.fail(FlaggedFailure.without(done.failure(), FailureFlag.RETRYABLE));
    } else if (!promise.future().hasDiscard()) {
      promise.fail(new Failure("the request was given up"));
    } else {
      promise.discard();
    }
  }
}
