package io.libprocess;

import io.libprocess.future.Future;
import io.libprocess.http.Percent;
import io.libprocess.http.Recurrence;
import io.libprocess.http.Request;
import io.libprocess.http.RequestHandler;
import io.libprocess.http.Response;
import java.util.Optional;

/** Brings what arrives by HTTP to the processes of a node: messages, and requests for routes. */
final class Router implements RequestHandler {

  private final Node node;

  Router(Node node) {
    this.node = node;
  }

  @Override
  public Future<Response> handle(Request request) {
    String path = request.path();
    if (!path.startsWith("/")) {
      return respond(400, "Request URL path must start with '/'");
    }
    Optional<Future<Response>> message = node.messages().remote().receiver().handle(request);
    if (message.isPresent()) {
      return message.get();
    }
    if (path.contains("/..")) {
      return Future.of(Response.notFound());
    }
    return route(request, path);
  }

  private static Future<Response> respond(int status, String text) {
    return Future.of(Response.of(status, text));
  }

  /* ---------------- Routes ---------------- */

  private Future<Response> route(Request request, String path) {
    int end = segmentEnd(path);
    ProcessCell cell = null;
    if (end > 1) {
      Optional<String> id = decode(path, end);
      if (id.isEmpty()) {
        return respond(400, "Failed to decode URL path: " + path);
      }
      cell = node.find(id.get());
    }
    String below = path.substring(end);
    if (node.security().hasFirewall()) {
      Optional<Response> objection =
          cell == null
              ? node.security().objection(request, null, path)
              : node.security().objection(request, cell.pid().id(), below);
      if (objection.isPresent()) {
        return Future.of(objection.get());
      }
    }
    if (cell == null) {
      cell = node.config().delegate().map(node::find).orElse(null);
      below = path;
    }
    if (cell == null) {
      return Future.of(Response.notFound());
    }
    Event.HttpRequested event = new Event.HttpRequested(request, below);
    cell.enqueue(event);
    return event.future();
  }

  private static int segmentEnd(String path) {
    int slash = path.indexOf('/', 1);
    return slash < 0 ? path.length() : slash;
  }

  private static Optional<String> decode(String path, int end) {
    String segment = path.substring(1, end);
    if (segment.indexOf('%') < 0 && segment.indexOf('+') < 0) {
      return Optional.of(segment);
    }
    try {
      return Optional.of(Percent.decode(segment));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public Recurrence recurrence(Request request) {
    return node.messages().remote().receiver().recurrence(request);
  }
}
