package io.libprocess.node;

import io.libprocess.future.Future;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.http1.Recurrence;
import io.libprocess.http.server.RecurrenceHandler;
import io.libprocess.remote.MessageReceiver;
import io.libprocess.web.RequestRouter;
import java.util.Optional;

/** Routes HTTP input to the processes of a node: messages, and requests for routes. */
public final class Router implements RecurrenceHandler {

  private final MessageReceiver messages;
  private final RequestRouter requests;

  /** Makes a router that asks the receiver of messages first. */
  public Router(MessageReceiver messages, RequestRouter requests) {
    this.messages = messages;
    this.requests = requests;
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
