package io.libprocess.web;

import io.libprocess.context.Context;
import io.libprocess.future.Future;
import io.libprocess.http.Response;
import io.libprocess.http.exchange.FailureAnswers;
import io.libprocess.http.security.AuthenticationResult;
import io.libprocess.http.security.AuthenticationResult.Authenticated;
import io.libprocess.http.security.Authenticator;
import io.libprocess.internal.ContextSlot;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The queue of the HTTP requests of one process that wait for authentication and authorization, or
 * for earlier requests. They reach their handlers in the order in which they joined the queue: all
 * are authenticated at once, but only the first is authorized and leaves.
 *
 * <p>A request whose body has yet to be collected can be authenticated first, outside the queue, so
 * that a slow body holds up no other request. It joins the queue when the body is there.
 *
 * <p>Used only in the process: a future that ends elsewhere makes the process take the next step.
 */
final class AdmissionQueue {

  private final Receiver process;
  private final AccessControl access;
  private final ArrayDeque<PendingRequest> queue = new ArrayDeque<>();
  private final Set<PendingRequest> early = new LinkedHashSet<>(); // To be collected afterwards.
  private final Map<PendingRequest, Context> contexts = new LinkedHashMap<>(); // If not empty.
  private boolean closed;

  AdmissionQueue(Receiver process, AccessControl access) {
    this.process = process;
    this.access = access;
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /**
   * Whether a request that would wait is refused, because too many are waiting; it is then
   * answered.
   */
  private boolean isRefused(PendingRequest pending) {
    if (queue.size() + early.size() < process.mostWaiting()) {
      return false;
    }
    pending.answer(FailureAnswers.refused());
    return true;
  }

  /* ---------------- Before the body ---------------- */

  /**
   * Authenticates a request, and then has its body collected; or refuses it.
   *
   * @param collect runs in the process if the request is not refused
   */
  void identify(PendingRequest pending, Authenticator authenticator, Runnable collect) {
    if (isRefused(pending)) {
      return;
    }
    authenticate(pending, authenticator);
    early.add(pending);
    Runnable inItsContext = ContextSlot.bind(collect);
    Runnable step =
        () -> {
          if (!isUnderWay(pending.authentication)
              && early.remove(pending)
              && isAuthenticated(pending)) {
            inItsContext.run();
          }
        };
    watch(pending, pending.authentication, step);
    step.run(); // It may already be over, without a notification.
  }

  /* ---------------- The queue ---------------- */

  /** Makes a request wait until it can be admitted, unless too many do. */
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
    if (!Context.current().isEmpty()) {
      contexts.put(pending, Context.current());
    }
    queue.add(pending); // Once there is something to wait for, if that is needed.
    if (!pending.identified) {
      watch(pending, pending.authentication, this::advance);
    }
    if (queue.peek() == pending) {
      advance();
    }
  }

  /** Answers a request with its failure, and does not let it hold up others. */
  void fail(PendingRequest pending, Throwable thrown) {
    early.remove(pending);
    boolean waited = queue.remove(pending);
    contexts.remove(pending);
    pending.fail(thrown);
    if (waited) {
      advance();
    }
  }

  /** Admits all requests that can go on. */
  private void advance() {
    while (!queue.isEmpty() && isDone(queue.peek())) {
      contexts.remove(queue.remove());
    }
  }

  /** Takes steps of a request in its own context, whosever event this is. */
  private boolean isDone(PendingRequest pending) {
    return ContextSlot.isUsed()
        ? contexts.getOrDefault(pending, Context.empty()).call(() -> stepsAreDone(pending))
        : stepsAreDone(pending);
  }

  /** Answers all who wait: the process ends. */
  void close() {
    closed = true;
    early.forEach(AdmissionQueue::giveUp);
    early.clear();
    contexts.clear();
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
  private boolean stepsAreDone(PendingRequest pending) {
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

  /** Whether the finished authentication lets a request go on; otherwise it is answered. */
  private static boolean isAuthenticated(PendingRequest pending) {
    if (!pending.authentication.isReady()) {
      return refuse(pending, pending.authentication);
    }
    AuthenticationResult result = pending.authentication.get();
    if (result instanceof Authenticated found) {
      pending.identify(found.principal());
      return true;
    }
    return refuse(pending, Refusals.of(result));
  }

  /** Whether the finished authorization lets a request go on; otherwise it is answered. */
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

  /** Takes a step in the process when a future is over, unless it is already over. */
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
