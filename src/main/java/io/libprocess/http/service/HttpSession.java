package io.libprocess.http.service;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.Connection;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceStatus;
import java.time.Duration;
import java.util.Optional;

/**
 * A connection as a service. With HTTP/1.1 there is no other way to give up a request than to end
 * its connection. A response that says that the request was refused is a failure.
 */
final class HttpSession implements Service<Request, Response> {

  private final Connection connection;
  private final boolean streams;
  private volatile boolean ending; // Nothing more can be sent, though the connection may be there.

  HttpSession(Connection connection, boolean streams) {
    this.connection = connection;
    this.streams = streams;
  }

  @Override
  public Future<Response> apply(Request request) {
    Request sent = Nack.announcing(request);
    Future<Response> response = streams ? connection.stream(sent) : connection.send(sent);
    Promise<Response> promise = new Promise<>();
    promise.future().onDiscard(() -> giveUp(response));
    response.onAny(done -> answered(done, request, promise));
    return promise.future();
  }

  private void giveUp(Future<Response> response) {
    ending = true; // First, so that the session is closed when it is returned to its pool.
    response.discard();
    connection.disconnect();
  }

  private void answered(Future<Response> done, Request request, Promise<Response> promise) {
    if (done.isFailed()) {
      promise.fail(done.failure());
    } else if (done.isDiscarded()) {
      promise.discard();
    } else {
      answered(done.get(), request, promise);
    }
  }

  private void answered(Response response, Request request, Promise<Response> promise) {
    ending |= !request.keepAlive() || says(response, "close");
    Optional<FlaggedFailure> refusal = Nack.failure(request, response);
    if (refusal.isPresent()) {
      drop(response);
      promise.fail(refusal.get());
    } else if (!promise.setUnlessDiscardRequested(response)) {
      drop(response);
      promise.discard();
    }
  }

  private static boolean says(Response response, String option) {
    for (String one : response.headers().joined("Connection").orElse("").split(",")) {
      if (one.strip().equalsIgnoreCase(option)) {
        return true;
      }
    }
    return false;
  }

  /** Reads no more of a response: a short rest still arrives, and leaves the connection usable. */
  static void drop(Response response) {
    if (response.body() instanceof Body.Streamed streamed) {
      streamed.refuse();
    }
  }

  @Override
  public ServiceStatus status() {
    return ending || !connection.disconnected().isPending()
        ? ServiceStatus.CLOSED
        : ServiceStatus.OPEN;
  }

  @Override
  public Future<Void> close(Duration limit) {
    ending = true;
    connection.disconnect();
    return connection.disconnected();
  }

  @Override
  public String toString() {
    return connection.toString();
  }
}
