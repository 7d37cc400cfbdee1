package io.libprocess.web;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.AuthenticationResult;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import java.util.Map;
import java.util.Optional;

/**
 * A request on its way from its arrival to the handler of a route: through the mailbox of a
 * process, the look-up of the route, the collection of its body and admission.
 *
 * <p>It belongs to one thread at a time: to that which has made it until it is in the mailbox, then
 * to the process, and while its body is collected to the thread that brings that; the mailbox hands
 * it over. Only the {@link #answer} is for all threads.
 */
public final class PendingRequest {

  private final Promise<Response> promise = new Promise<>();
  private final String below;
  private final Receiver process; // Null if it is not measured.
  private final RouteMetrics metrics; // Null if it is not measured.
  private final long began; // In nanoseconds.
  private Request request;
  private boolean collected; // The body has been collected, so this comes for the second time.

  private BoundRoute route; // As of the version; null if there is none, or not looked up.
  private int version; // Of the route table that was asked; -1 if none was.

  // Of admission.
  Future<AuthenticationResult> authentication; // Null if nobody is to be asked, or not yet.
  Future<Boolean> authorization; // Null while not asked.
  Optional<Principal> principal = Optional.empty();
  boolean identified; // The authentication is over and did not refuse it.

  /**
   * Makes a request that has come.
   *
   * @param below the canonical path below the process; empty for the process itself
   */
  public PendingRequest(Request request, String below) {
    this(request, below, null, null);
  }

  /** A request that has come for a process, and whose answer is measured. */
  PendingRequest(Request request, String below, Receiver process, RouteMetrics metrics) {
    this.request = request;
    this.below = below;
    this.process = process;
    this.metrics = metrics;
    this.began = metrics == null ? 0 : metrics.now();
    this.version = -1;
  }

  /** The request: with its body, once that has been collected. */
  public Request request() {
    return request;
  }

  /** The canonical path below the process: empty, or from a slash on. */
  public String below() {
    return below;
  }

  /** The answer to come. */
  public Future<Response> answer() {
    return promise.future();
  }

  /**
   * Answers the request; by any thread.
   *
   * @return false if it has been answered before
   */
  public boolean answer(Response response) {
    boolean first = promise.set(response);
    if (first && metrics != null) {
      counts().answered(response, metrics.now() - began);
    }
    return first;
  }

  /** Answers the request with what has gone wrong; by any thread. */
  void fail(Throwable why) {
    if (promise.fail(why) && metrics != null) {
      counts().failed(why, metrics.now() - began);
    }
  }

  /** Gives the request up; by any thread. */
  void discard() {
    promise.discard();
  }

  private RouteMetrics.Counts counts() {
    BoundRoute found = route;
    return found == null ? metrics.noRoute() : metrics.of(process.id(), found);
  }

  boolean isCollected() {
    return collected;
  }

  /** Replaces the request by that with the whole body. */
  void collected(Request whole) {
    request = whole;
    collected = true;
  }

  /** Gives the request the variables of its path. */
  void bind(Map<String, String> variables) {
    request = request.withSegments(variables);
  }

  /** The route that was found. */
  BoundRoute route() {
    return route;
  }

  /** The route as of a version of the table, which is asked once as long as it does not change. */
  BoundRoute route(RouteTable table) {
    if (version != table.version()) {
      route = table.find(below, request.method());
      version = table.version();
    }
    return route;
  }

  /** Calls the handler, and answers what it does. */
  void call() {
    Future<Response> response = route.call(request, principal);
    if (response.isReady()) {
      answer(response.get());
      return;
    }
    if (metrics != null) {
      RouteMetrics.Counts counted = counts();
      response.onAny(done -> counted.ended(done, metrics.now() - began));
    }
    promise.associate(response);
  }
}
