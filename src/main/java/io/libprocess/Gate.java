package io.libprocess;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.AuthenticationResult;
import io.libprocess.http.AuthenticationResult.Authenticated;
import io.libprocess.http.AuthenticationResult.Forbidden;
import io.libprocess.http.AuthenticationResult.Unauthorized;
import io.libprocess.http.Authenticator;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * The line of HTTP requests of one process that wait for authentication and authorization, or
 * behind others that do. They come to their handlers in the order in which they joined the line:
 * all are authenticated at once, but only the first is authorized and leaves.
 *
 * <p>Used in the process only: a future that ends elsewhere queues an event that calls {@link
 * #advance}.
 */
final class Gate {

  private final Process<?> process;
  private final ArrayDeque<Admission> line = new ArrayDeque<>();

  Gate(Process<?> process) {
    this.process = process;
  }

  boolean isEmpty() {
    return line.isEmpty();
  }

  /** Lets a request wait for its turn, unless more do than may wait in the process's mailbox. */
  void join(Route route, Request request, Promise<Response> promise) {
    if (line.size() >= process.self().cell().limit()) {
      promise.set(Response.serviceUnavailable());
      return;
    }
    Admission admission = new Admission(route, request, promise);
    line.add(admission);
    admission.authenticate();
    if (line.peek() == admission) {
      advance();
    }
  }

  /** Lets through whoever can go. */
  void advance() {
    while (!line.isEmpty() && line.peek().moves()) {
      line.remove();
    }
  }

  /** Answers all who wait: the process ends. */
  void close() {
    for (Admission admission; (admission = line.poll()) != null; ) {
      admission.giveUp();
    }
  }

  /** One request. */
  private final class Admission {

    private final Route route;
    private final Request request;
    private final Promise<Response> promise;

    private Future<AuthenticationResult> authentication; // Null if nobody is to be asked.
    private Future<Boolean> authorization; // Null while not authenticated.
    private Optional<Principal> principal = Optional.empty();

    Admission(Route route, Request request, Promise<Response> promise) {
      this.route = route;
      this.request = request;
      this.promise = promise;
    }

    void authenticate() {
      Optional<Authenticator> authenticator =
          route.realm().flatMap(process.node().security()::authenticator);
      if (authenticator.isPresent()) {
        authentication = watched(Future.of(request).then(authenticator.get()::authenticate));
      }
    }

    /** Takes the steps that can be taken now; whether that was the last one. */
    boolean moves() {
      if (authorization == null) {
        if (authentication != null && isUnderWay(authentication)) {
          return false;
        }
        if (authentication != null && !isAuthenticated()) {
          return true;
        }
        authorization =
            watched(
                process
                    .node()
                    .security()
                    .authorize(process.id(), route.path(), request, principal));
      }
      if (isUnderWay(authorization)) {
        return false;
      }
      if (isAuthorized()) {
        route.call(request, principal, promise);
      }
      return true;
    }

    private boolean isAuthenticated() {
      if (!authentication.isReady()) {
        return refuse(authentication);
      }
      AuthenticationResult result = authentication.get();
      if (result instanceof Authenticated found) {
        principal = Optional.of(found.principal());
        return true;
      }
      if (result instanceof Unauthorized refusal) {
        return refuse(Response.unauthorized(refusal.challenges(), refusal.text()));
      }
      if (result instanceof Forbidden refusal) {
        return refuse(Response.forbidden(refusal.text()));
      }
      return refuse(Future.failed("the result of the authentication is null"));
    }

    private boolean isAuthorized() {
      if (!authorization.isReady()) {
        return refuse(authorization);
      }
      return Boolean.TRUE.equals(authorization.get()) || refuse(Response.forbidden());
    }

    private boolean refuse(Future<?> ended) {
      if (ended.isFailed()) {
        promise.fail(ended.failure());
        return false;
      }
      return refuse(Response.internalServerError());
    }

    private boolean refuse(Response response) {
      promise.set(response);
      return false;
    }

    private <T> Future<T> watched(Future<T> future) {
      if (future.isPending()) {
        ProcessCell cell = process.self().cell();
        promise.future().onDiscard(future::discard); // The client is gone.
        future.onAny(ended -> cell.enqueue(new Event.GateMoved()));
        future.onAbandoned(() -> cell.enqueue(new Event.GateMoved()));
      }
      return future;
    }

    private boolean isUnderWay(Future<?> future) {
      return future.isPending() && !future.isAbandoned();
    }

    void giveUp() {
      promise.set(Response.internalServerError());
      if (authentication != null) {
        authentication.discard();
      }
      if (authorization != null) {
        authorization.discard();
      }
    }
  }
}
