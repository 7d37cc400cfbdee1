package io.libprocess.web;

import io.libprocess.future.Future;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.grammar.CanonicalPath;
import io.libprocess.http.security.Authenticator;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The HTTP side of a process: its routes, the files that it provides, and the requests that wait
 * for admission to them. Used only in the process, except the constructor.
 */
public final class Site {

  private final Receiver process;
  private final AccessControl access;
  private final long mostBody;
  private final RouteTable routes = new RouteTable();
  private final AdmissionQueue queue;

  /** The thread that serves a request just now; others that read this do not find themselves. */
  private volatile Thread serving;

  /**
   * Makes an empty site.
   *
   * @param mostBody the most bytes of a body that is collected for a handler
   */
  public Site(Receiver process, AccessControl access, long mostBody) {
    this.process = process;
    this.access = access;
    this.mostBody = mostBody;
    this.queue = new AdmissionQueue(process, access);
  }

  /**
   * Adds a route, in place of those with the same path and methods.
   *
   * @throws IllegalStateException if its realm was neither given an authenticator nor opened
   */
  public void route(BoundRoute bound) {
    bound.route().realm().ifPresent(access::checkRealm);
    routes.add(bound);
  }

  /**
   * Provides a file or the files of a directory.
   *
   * @param name one segment of a path, decoded; empty for the process itself
   * @param types the content types by extension; null for those that {@link Response#file(Path)}
   *     knows
   * @throws IllegalArgumentException if the name has a slash
   */
  public void provide(String name, Path path, Map<String, String> types) {
    if (name.contains("/")) {
      throw new IllegalArgumentException("the name of an asset has a slash: '" + name + "'");
    }
    routes.provide(name, new Asset(path, types));
  }

  /**
   * Whether a request that has just come will come again, when its body has been collected, or has
   * come before, and a filter has passed it on since.
   */
  public boolean awaitsBody(PendingRequest pending) {
    if (pending.isCollected()) {
      return false;
    }
    if (pending.isPassedOn()) {
      return true;
    }
    BoundRoute bound = pending.route(routes);
    return bound != null && bound.awaitsBody(pending.request());
  }

  /** Serves a request from the mailbox. A failure does not affect other requests. */
  public void serve(PendingRequest pending) {
    try {
      step(pending);
    } catch (Throwable thrown) {
      queue.fail(pending, thrown);
    }
  }

  /* ---------------- The filter of a route ---------------- */

  private void filter(PendingRequest pending, BoundRoute bound) {
    Thread before = serving;
    serving = Thread.currentThread();
    try {
      pending.answer(bound.filter(pending.request(), request -> passOn(pending, request)));
    } finally {
      serving = before;
    }
  }

  /** Goes on with a request at once, if a filter passes it on before it returns, or later. */
  private Future<Response> passOn(PendingRequest pending, Request request) {
    PendingRequest inner = pending.passedOn(request);
    if (serving == Thread.currentThread()) {
      serve(inner);
    } else {
      process.receive(inner);
    }
    return access.failures().answered(request, inner.answer());
  }

  /* ---------------- The steps of a request ---------------- */

  private void step(PendingRequest pending) {
    if (pending.isCollected()) {
      admit(pending);
      return;
    }
    BoundRoute bound = pending.route(routes);
    if (bound == null) {
      pending.answer(Response.notFound());
      return;
    }
    if (!access.firewall().isEmpty() && !pending.isPassedOn()) {
      Optional<Response> objection = objectionAbove(pending, bound);
      if (objection.isPresent()) {
        pending.answer(objection.get());
        return;
      }
    }
    if (bound.isFiltered() && !pending.isPassedOn()) {
      filter(pending, bound);
      return;
    }
    Request request = pending.request();
    if (bound.refuses()) {
      pending.call();
    } else if (bound.awaitsBody(request)) {
      identifyAndCollect(pending, bound);
    } else if (bound.isTooLarge(request, mostBody)) {
      request.buffered(bound.mostBody(mostBody)).onFailed(pending::fail);
    } else {
      admit(pending);
    }
  }

  /**
   * The firewall's objection to the paths at which a request is answered, if these are above the
   * request's own path, which was checked before.
   */
  private Optional<Response> objectionAbove(PendingRequest pending, BoundRoute bound) {
    String process = "/" + CanonicalPath.encoded(this.process.id());
    String below = pending.below();
    if (!bound.isAsset()) {
      return bound.path().equals(below)
          ? Optional.empty()
          : access.firewall().objection(pending.request(), process + bound.path());
    }
    int end = bound.path().length();
    for (int depth = 0; depth <= Asset.MOST_NAMES && end >= 0 && end < below.length(); depth++) {
      String directory = process + below.substring(0, end);
      Optional<Response> objection = access.firewall().objection(pending.request(), directory);
      if (objection.isPresent()) {
        return objection;
      }
      end = below.indexOf('/', end + 1);
    }
    return Optional.empty();
  }

  /* ---------------- The body ---------------- */

  /**
   * Collects the body; if the authenticator does not need it, the requester is authenticated first.
   */
  private void identifyAndCollect(PendingRequest pending, BoundRoute bound) {
    Optional<Authenticator> authenticator =
        bound.route().realm().flatMap(access::authenticator).filter(asked -> !asked.needsBody());
    if (authenticator.isPresent()) {
      queue.identify(pending, authenticator.get(), () -> collect(pending));
    } else {
      collect(pending);
    }
  }

  private void collect(PendingRequest pending) {
    pending
        .request()
        .buffered(pending.route().mostBody(mostBody))
        .onReady(
            whole -> {
              pending.collected(whole);
              process.receive(pending);
            })
        .onFailed(pending::fail)
        .onDiscarded(pending::discard);
  }

  /* ---------------- Admission ---------------- */

  /**
   * Calls the handler, at once if no authentication or authorization is needed and no other request
   * waits.
   */
  private void admit(PendingRequest pending) {
    BoundRoute bound = pending.route();
    if (!bound.variables().isEmpty()) {
      pending.bind(RouteTable.variables(bound, pending.below()));
    }
    boolean open = bound.route().realm().isEmpty() && queue.isEmpty() && !access.hasAuthorization();
    if (open) {
      pending.call();
    } else {
      queue.join(pending);
    }
  }

  /** Answers all waiting requests, and admits no more, because the process ends. */
  public void close() {
    queue.close();
  }
}
