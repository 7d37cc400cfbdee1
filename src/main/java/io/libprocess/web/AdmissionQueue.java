package io.libprocess.web;

import io.libprocess.future.Future;
import io.libprocess.http.AuthenticationResult;
import io.libprocess.http.AuthenticationResult.Authenticated;
import io.libprocess.http.AuthenticationResult.Forbidden;
import io.libprocess.http.AuthenticationResult.Unauthorized;
import io.libprocess.http.Authenticator;
import io.libprocess.http.Response;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The HTTP requests of one process that wait for authentication and authorization, or behind others
 * that do. They come to their handlers in the order in which they joined the queue: all are
 * authenticated at once, but only the first is authorized and leaves.
 *
 * <p>A request whose body has yet to be collected can be authenticated before that, outside of the
 * queue, so that a body that is slow holds up nobody. It joins the queue when the body is there.
 *
 * <p>Used in the process only: a future that ends elsewhere has the process take the next step.
 */
final class AdmissionQueue {

  private final Receiver process;
  private final AccessControl access;
  private final ArrayDeque<PendingRequest> queue = new ArrayDeque<>();
  private final Set<PendingRequest> early = new LinkedHashSet<>(); // To be collected afterwards.
  private boolean closed;

  AdmissionQueue(Receiver process, AccessControl access) {
    this.process = process;
    this.access = access;
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /** Whether a request would wait, where it is answered instead if too many do. */
  private boolean isRefused(PendingRequest pending) {
    if (queue.size() + early.size() < process.mostWaiting()) {
      return false;
    }
    pending.answer(Response.serviceUnavailable());
    return true;
  }

  /* ---------------- Before the body ---------------- */

  /**
   * Finds out who makes a request, and then has its body collected; or refuses it.
   *
   * @param collect is run in the process if the request is not refused
   */
  void identify(PendingRequest pending, Authenticator authenticator, Runnable collect) {
    if (isRefused(pending)) {
      return;
    }
    authenticate(pending, authenticator);
    early.add(pending);
    Runnable step =
        () -> {
          if (!isUnderWay(pending.authentication)
              && early.remove(pending)
              && isAuthenticated(pending)) {
            collect.run();
          }
        };
    watch(pending, pending.authentication, step);
    step.run(); // It may be over by now, and then nobody was told.
  }

  /* ---------------- The queue ---------------- */

  /** Lets a request wait until it can be admitted, unless too many do. */
  void join(PendingRequest pending) {
    if (isRefused(pending)) {
      return;
    }
    if (!pending.identified) {
      Optional<Authenticator> authenticator =
          pending.route().route().realm().flatMap(access::authenticator);
      authenticator.ifPresent(asked -> authenticate(pending, asked));
      pending.identified = authenticator.isEmpty();
    }
    queue.add(pending); // Once there is something to wait for, if that is needed.
    if (!pending.identified) {
      watch(pending, pending.authentication, this::advance);
    }
    if (queue.peek() == pending) {
      advance();
    }
  }

  /** Answers a request with what has gone wrong with it, and lets nobody wait behind it. */
  void fail(PendingRequest pending, Throwable thrown) {
    early.remove(pending);
    boolean waited = queue.remove(pending);
    pending.fail(thrown);
    if (waited) {
      advance();
    }
  }

  /** Lets through whoever can go. */
  private void advance() {
    while (!queue.isEmpty() && isDone(queue.peek())) {
      queue.remove();
    }
  }

  /** Answers all who wait: the process ends. */
  void close() {
    closed = true;
    early.forEach(AdmissionQueue::giveUp);
    early.clear();
    for (PendingRequest pending; (pending = queue.poll()) != null; ) {
      giveUp(pending);
    }
  }

  private static void giveUp(PendingRequest pending) {
    pending.answer(Response.internalServerError());
    if (pending.authentication != null) {
      pending.authentication.discard();
    }
    if (pending.authorization != null) {
      pending.authorization.discard();
    }
  }

  /* ---------------- The steps of one request ---------------- */

  private static void authenticate(PendingRequest pending, Authenticator authenticator) {
    pending.authentication =
        Future.of(pending.request()).then(request -> authenticator.authenticate(request));
  }

  /** Takes the steps that can be taken now; whether that was the last one. */
  private boolean isDone(PendingRequest pending) {
    if (!pending.identified) {
      if (isUnderWay(pending.authentication)) {
        return false;
      }
      if (!isAuthenticated(pending)) {
        return true;
      }
    }
    if (pending.authorization == null) {
      pending.authorization =
          access.authorize(
              process.id(), pending.route().path(), pending.request(), pending.principal);
      watch(pending, pending.authorization, this::advance);
    }
    if (isUnderWay(pending.authorization)) {
      return false;
    }
    if (isAuthorized(pending)) {
      pending.call();
    }
    return true;
  }

  /** Whether the authentication, which is over, lets a request go on; else it is answered. */
  private static boolean isAuthenticated(PendingRequest pending) {
    if (!pending.authentication.isReady()) {
      return refuse(pending, pending.authentication);
    }
    AuthenticationResult result = pending.authentication.get();
    if (result instanceof Authenticated found) {
      pending.principal = Optional.of(found.principal());
      pending.identified = true;
      return true;
    }
    if (result instanceof Unauthorized refusal) {
      return refuse(pending, Response.unauthorized(refusal.challenges(), refusal.text()));
    }
    if (result instanceof Forbidden refusal) {
      return refuse(pending, Response.forbidden(refusal.text()));
    }
    return refuse(pending, Future.failed("the result of the authentication is null"));
  }

  /** Whether the authorization, which is over, lets a request go on; else it is answered. */
  private static boolean isAuthorized(PendingRequest pending) {
    if (!pending.authorization.isReady()) {
      return refuse(pending, pending.authorization);
    }
    return Boolean.TRUE.equals(pending.authorization.get())
        || refuse(pending, Response.forbidden());
  }

  private static boolean refuse(PendingRequest pending, Future<?> ended) {
    if (ended.isFailed()) {
      pending.fail(ended.failure());
      return false;
    }
    return refuse(pending, Response.internalServerError());
  }

  private static boolean refuse(PendingRequest pending, Response response) {
    pending.answer(response);
    return false;
  }

  /** Takes a step in the process when a future is over, unless it is over already. */
  private void watch(PendingRequest pending, Future<?> future, Runnable step) {
    if (!future.isPending()) {
      return;
    }
    Runnable unlessClosed =
        () -> {
          if (!closed) {
            step.run();
          }
        };
    pending.answer().onDiscard(future::discard); // The client is gone.
    future.onAny(ended -> process.later(unlessClosed));
    future.onAbandoned(() -> process.later(unlessClosed));
  }

  private static boolean isUnderWay(Future<?> future) {
    return future.isPending() && !future.isAbandoned();
  }
}
