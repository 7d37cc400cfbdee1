package io.libprocess.http.server;

import io.libprocess.future.Future;
import io.libprocess.http.Request;
import io.libprocess.http.RequestHandler;
import io.libprocess.http.Response;
import io.libprocess.http.exchange.FailureAnswers;
import io.libprocess.service.Filter;
import io.libprocess.service.Service;

/**
 * A handler with filters before it. They see an answer to each request, whatever happens behind
 * them: a failure is made the answer that the client is to get first. For any thread.
 */
public final class FilteredHandler implements RequestHandler {

  private final Service<Request, Response> filtered;

  /**
   * Puts a filter before a handler.
   *
   * @param failures of the server that the handler is for
   */
  public FilteredHandler(
      Filter<Request, Response, Request, Response> filter,
      RequestHandler handler,
      FailureAnswers failures) {
    Service<Request, Response> service = handler::handle;
    filtered = filter.andThen(request -> failures.answered(request, service.call(request)));
  }

  @Override
  public Future<Response> handle(Request request) {
    return filtered.call(request);
  }
}
