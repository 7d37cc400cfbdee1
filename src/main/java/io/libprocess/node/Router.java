package io.libprocess.node;

import io.libprocess.future.Future;
import io.libprocess.http.Request;
import io.libprocess.http.RequestHandler;
import io.libprocess.http.Response;
import io.libprocess.http.exchange.FailureAnswers;
import io.libprocess.http.http1.Recurrence;
import io.libprocess.http.server.FilteredHandler;
import io.libprocess.http.server.RecurrenceHandler;
import io.libprocess.remote.MessageReceiver;
import io.libprocess.service.Filter;
import io.libprocess.web.RequestRouter;
import java.util.Optional;

/** Routes HTTP input to the processes of a node: messages, and requests for routes. */
public final class Router implements RecurrenceHandler {

  private final MessageReceiver messages;
  private RequestHandler requests; // Does not change after the first connection.

  /** Makes a router that asks the receiver of messages first. */
  public Router(MessageReceiver messages, RequestRouter requests) {
    this.messages = messages;
    this.requests = requests::handle;
  }

  /**
   * Puts a filter before the routes of processes, and not before messages; to be called before the
   * first connection is accepted.
   *
   * @param failures of the server
   */
  public void filter(Filter<Request, Response, Request, Response> filter, FailureAnswers failures) {
    requests = new FilteredHandler(filter, requests, failures);
  }

  @Override
  public Future<Response> handle(Request request) {
    if (request.path().startsWith("/")) {
      Optional<Future<Response>> answer = messages.handle(request);
      if (answer.isPresent()) {
        return answer.get();
      }
    }
    return requests.handle(request);
  }

  @Override
  public Recurrence recurrence(Request request) {
    return messages.recurrence(request);
  }
}
