package io.libprocess;

import io.libprocess.future.Future;
import io.libprocess.http.Recurrence;
import io.libprocess.http.Request;
import io.libprocess.http.RequestHandler;
import io.libprocess.http.Response;
import io.libprocess.remote.MessageReceiver;
import io.libprocess.web.RequestRouter;

/** Brings what arrives by HTTP to the processes of a node: messages, and requests for routes. */
final class Router implements RequestHandler {

  private final Node node;
  private final RequestRouter requests;

  Router(Node node) {
    this.node = node;
    requests = new RequestRouter(node::find, node.access(), node.config().delegate());
  }

  @Override
  public Future<Response> handle(Request request) {
    return request.path().startsWith("/")
        ? messages().handle(request).orElseGet(() -> requests.handle(request))
        : requests.handle(request); // Which refuses it.
  }

  @Override
  public Recurrence recurrence(Request request) {
    return messages().recurrence(request);
  }

  private MessageReceiver messages() {
    return node.messages().remote().receiver();
  }
}
