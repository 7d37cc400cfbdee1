package io.libprocess.http.service;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Connection;
import io.libprocess.http.HttpClient;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.Filter;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.ResponseClass;
import io.libprocess.service.ResponseClassifier;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceFactory;
import io.libprocess.service.stack.ClientStack;
import io.libprocess.service.stack.ServerStack;
import io.libprocess.service.support.Ending;
import io.libprocess.service.support.Handover;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * HTTP for the parts that services are put together of. A client that distributes requests over
 * servers:
 *
 * <pre>{@code
 * ServiceClient<Url, Request, Response> books =
 *     HttpServices.clientStack("books")
 *         .requestTimeout(Duration.ofMillis(200))
 *         .tries(3)
 *         .build(HttpServices.sessions(http), urls);
 * Future<Response> response = books.call(Request.get("/books/1"));
 * }</pre>
 *
 * <p><b>Refusals.</b> A response with status 503 and {@code Retry-After: 0}, or with one of the
 * headers by which servers of Finagle say so, stands for a request that was refused: it is a
 * failure with {@link FailureFlag#REJECTED}. It is {@link FailureFlag#RETRYABLE} unless the server
 * says otherwise or the request's body is a stream, which cannot be sent again.
 */
public final class HttpServices {

  private static final int SERVER_ERRORS = 500;

  private HttpServices() {}

  /**
   * Begins a client whose responses are all in memory; its sessions are those of {@link #sessions}.
   * Repeatable are requests of idempotent methods whose body is no stream.
   *
   * @param name what the client is for: see {@link ClientStack#named}
   */
  public static ClientStack<Request, Response> clientStack(String name) {
    return ClientStack.<Request, Response>named(name).repeatable(HttpServices::isRepeatable);
  }

  /**
   * Begins a client whose responses may be streams; its sessions are those of {@link
   * #streamingSessions}. A response holds its connection until its body has arrived, so it has to
   * be read or closed.
   *
   * @param name what the client is for: see {@link ClientStack#named}
   */
  public static ClientStack<Request, Response> streamingClientStack(String name) {
    return clientStack(name)
        .dropped(HttpSession::drop)
        .hold(
            (response, release) -> {
              Ending.of(response.trailers(), arrived -> release.run());
              return response;
            });
  }

  /**
   * Begins a server. What it refuses is answered so that a client sends it elsewhere: as {@link
   * #refusals} says. How many requests are refused because of their deadlines counts for each
   * connection by itself.
   *
   * @param name what the server is: see {@link ServerStack#named}
   */
  public static ServerStack<Request, Response> serverStack(String name) {
    return ServerStack.<Request, Response>named(name)
        .connections(Request::client)
        .filter(refusals());
  }

  /** Whether a request may be served twice and can be sent twice. */
  private static boolean isRepeatable(Request request) {
    boolean idempotent =
        switch (request.method()) {
          case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE" -> true;
          default -> false;
        };
    return idempotent && !(request.body() instanceof Body.Streamed);
  }

  /**
   * Makes connections of a client for one request at a time each, whose responses are read as a
   * whole. They do not count for the client's own limits, and end with it.
   */
  public static Function<Url, ServiceFactory<Request, Response>> sessions(HttpClient client) {
    requireNonNull(client, "client");
    return url -> () -> session(client.connect(url), false);
  }

  /** The same as {@link #sessions}, but responses may be streams. */
  public static Function<Url, ServiceFactory<Request, Response>> streamingSessions(
      HttpClient client) {
    requireNonNull(client, "client");
    return url -> () -> session(client.connect(url), true);
  }

  private static Future<Service<Request, Response>> session(
      Future<Connection> connection, boolean streams) {
    return Handover.map(
        connection,
        made -> new HttpSession(made, streams),
        unwanted -> unwanted.close(Duration.ZERO));
  }

  /** Takes responses with a status from 500 on for failures that need not be sent again. */
  public static ResponseClassifier<Request, Response> serverErrorsAreFailures() {
    return (request, outcome) ->
        outcome.isReady() && outcome.get().status().code() >= SERVER_ERRORS
            ? Optional.of(ResponseClass.NON_RETRYABLE_FAILURE)
            : Optional.empty();
  }

  /**
   * A filter of a server that answers for what was {@link FailureFlag#REJECTED}: with status 503,
   * and with headers that say whether the request may be sent again at once. That is so if the
   * failure is {@link FailureFlag#RETRYABLE}, and the request either has no body or one that its
   * client says it can send again.
   */
  public static Filter<Request, Response, Request, Response> refusals() {
    return (request, service) -> service.call(request).repair(failed -> refusal(request, failed));
  }

  private static Future<Response> refusal(Request request, Future<Response> failed) {
    return FlaggedFailure.has(failed.failure(), FailureFlag.REJECTED)
        ? Future.of(Nack.response(request, failed.failure()))
        : failed;
  }
}
