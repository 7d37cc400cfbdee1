package io.libprocess.web;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.access.Access;
import io.libprocess.http.access.RequestAccess;
import io.libprocess.http.security.AuthenticationResult;
import java.util.Map;
import java.util.Optional;

/**
 * A request on its way from its arrival to the handler of a route: through the mailbox of a
 * process, the look-up of the route, the collection of its body and admission.
 *
 * <p>It belongs to one thread at a time: to its creator until it is in the mailbox, then to the
 * process, and while its body is collected to the thread that brings the body; the mailbox hands it
 * over. Only the {@link #answer} may be used by all threads.
 */
public final class PendingRequest {

  private static final RequestAccess<Request, ?, ?, ?, ?, Principal> REQUESTS =
      Access.to(Request.class);

  private final Promise<Response> promise = new Promise<>();
  private final String below;
  private final Receiver process; // Null if it is not measured.
  private final RouteMetrics metrics; // Null if it is not measured.
  private final long began; // In nanoseconds.
  private Request request;
  private boolean collected; // The body has been collected, so this has come for the second time.
  private boolean passedOn; // By the filter of its route, which is decided.

  private BoundRoute route; // As of `version`; null if none was found or looked up.
  private int version; // The route table's version at the look-up; -1 if there was none.

  // For admission.
  Future<AuthenticationResult> authentication; // Null if there is no authenticator, or not yet.
  Future<Boolean> authorization; // Null if not asked yet.
  Optional<Principal> principal = Optional.empty();
  boolean identified; // The authentication is over and did not refuse it.

  /**
   * Makes a request that has arrived.
   *
   * @param below the canonical path below the process; empty for the process itself
   */
  public PendingRequest(Request request, String below) {
    this(request, below, null, null);
  }

  /** Makes a request that has arrived for a process, and whose answer is measured. */
  PendingRequest(Request request, String below, Receiver process, RouteMetrics metrics) {
    this.request = request;
    this.below = below;
    this.process = process;
    this.metrics = metrics;
    this.began = metrics == null ? 0 : metrics.now();
    this.version = -1;
  }

  /** The request that a filter passes on: it has this one's route and a separate answer. */
  PendingRequest passedOn(Request passed) {
    PendingRequest inner = new PendingRequest(passed, below);
    inner.route = route;
    inner.passedOn = true;
    return inner;
  }

  /** Whether the filter of its route has passed it on. */
  boolean isPassedOn() {
    return passedOn;
  }

  /** The request; with its body, once that has been collected. */
  public Request request() {
    return request;
  }

  /** The canonical path below the process: empty, or beginning with a slash. */
  public String below() {
    return below;
  }

  /** The future of the answer. */
  public Future<Response> answer() {
    return promise.future();
  }

  /**
   * Answers the request. Any thread may call it.
   *
   * @return false if it was answered before
   */
  public boolean answer(Response response) {
    boolean first = promise.set(response);
    if (first && metrics != null) {
      counts().answered(response, metrics.now() - began);
    }
    return first;
  }

  /** Answers the request with a failure. Any thread may call it. */
  void fail(Throwable why) {
    if (promise.fail(why) && metrics != null) {
      counts().failed(why, metrics.now() - began);
    }
  }

  /** Gives up the request. Any thread may call it. */
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

  /** Replaces the request by one with the whole body. */
  void collected(Request whole) {
    request = whole;
    collected = true;
  }

  /** Adds the variables of the path to the request. */
  void bind(Map<String, String> variables) {
    request = request.withSegments(variables);
  }

  /** The route that was found. */
  BoundRoute route() {
    return route;
  }

  /**
   * The route as of a version of the table, which is looked up once as long as the table does not
   * change.
   */
  BoundRoute route(RouteTable table) {
    if (version != table.version() && !passedOn) {
      route = table.find(below, request);
      version = table.version();
    }
    return route;
  }

  /** Notes who makes the request. */
  void identify(Principal found) {
    principal = Optional.of(found);
    identified = true;
    REQUESTS.identify(request, found);
  }

  /** Calls the handler, and answers with its result. */
  void call() {
    answer(route.call(request, principal));
  }

  /** Answers what a future will. */
  void answer(Future<Response> response) {
    if (response.isReady()) {
      answer(response.get());
      return;
    }
    if (metrics != null) {
      RouteMetrics all = metrics; // The future may last long, and must not keep the request.
      RouteMetrics.Counts counted = counts();
      long since = began;
      response.onAny(done -> counted.ended(done, all.now() - since));
    }
    promise.associate(response);
  }
}
