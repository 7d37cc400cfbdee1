package io.libprocess;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Percent;
import io.libprocess.http.Recurrence;
import io.libprocess.http.Request;
import io.libprocess.http.RequestHandler;
import io.libprocess.http.Response;
import io.libprocess.net.Address;
import io.libprocess.stream.Chunk;
import java.util.Optional;
import java.util.function.Function;

/** Brings what arrives by HTTP to the processes of a node: messages, and requests for routes. */
final class Router implements RequestHandler {

  private static final String FROM = "Libprocess-From";
  private static final String AGENT_PREFIX = "libprocess/";

  private static final Response ACCEPTED = Response.accepted();
  private static final Response NOT_FOUND = Response.notFound();

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
    Optional<String> sender = sender(request);
    if (sender.isPresent()) {
      return message(request, sender.get());
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

  /* ---------------- Messages ---------------- */

  /** The text of the sender if the request is a message. */
  private static Optional<String> sender(Request request) {
    if (!request.method().equals("POST")) {
      return Optional.empty();
    }
    Optional<String> from = request.headers().first(FROM);
    if (from.isPresent()) {
      return from;
    }
    return request
        .headers()
        .first("User-Agent")
        .filter(agent -> agent.startsWith(AGENT_PREFIX))
        .map(agent -> agent.substring(AGENT_PREFIX.length()));
  }

  private Future<Response> message(Request request, String sender) {
    Optional<UPID> from = UPID.parse(sender);
    if (from.isEmpty()) {
      return respond(400, "The sender is not of the form id@ip:port: '" + sender + "'");
    }
    if (node.config().requirePeerAddressIpMatch() && !sameIp(from.get(), request)) {
      String peer = request.client().map(Address::toString).orElse("nowhere");
      return respond(
          400,
          "UPID IP address validation failed: Message from "
              + from.get()
              + " was sent from IP "
              + peer);
    }
    String path = request.path();
    int end = segmentEnd(path);
    Optional<String> id = decode(path, end);
    if (id.isEmpty()) {
      return respond(400, "Failed to decode URL path: " + path);
    }
    String name = end < path.length() ? path.substring(end + 1) : "";
    Optional<String> number = request.headers().first(MessageEncoder.LINK);
    Function<Chunk, Response> deliver =
        number.isPresent()
            ? body -> aboutLink(from.get(), id.get(), name, number.get(), body)
            : body -> deliver(from.get(), id.get(), name, body);
    int limit = node.config().messageLimits().size();
    if (!(request.body() instanceof Body.Streamed) && request.bytes().size() <= limit) {
      return Future.of(deliver.apply(request.bytes()));
    }
    return request.buffered(limit).map(whole -> deliver.apply(whole.bytes()));
  }

  @Override
  public Recurrence recurrence(Request request) {
    Optional<UPID> from = sender(request).flatMap(UPID::parse);
    String path = request.path();
    if (from.isEmpty()
        || !path.startsWith("/")
        || request.headers().first(MessageEncoder.LINK).isPresent()
        || node.config().requirePeerAddressIpMatch() && !sameIp(from.get(), request)) {
      return null;
    }
    int end = segmentEnd(path);
    Optional<String> id = decode(path, end);
    if (id.isEmpty()) {
      return null;
    }
    UPID to = new UPID(id.get(), node.address());
    String name = end < path.length() ? path.substring(end + 1) : "";
    int limit = node.config().messageLimits().size();
    return body -> body.length > limit ? null : deliver(new Message(from.get(), to, name, body));
  }

  private static boolean sameIp(UPID from, Request request) {
    return request.client().filter(peer -> peer.ip().equals(from.address().ip())).isPresent();
  }

  private Response deliver(UPID from, String id, String name, Chunk body) {
    return deliver(new Message(from, new UPID(id, node.address()), name, body.toArray()));
  }

  private Response deliver(Message message) {
    return node.messages().deliver(message) ? ACCEPTED : NOT_FOUND;
  }

  /** What only nodes of ours say to each other. */
  private Response aboutLink(UPID from, String id, String name, String number, Chunk body) {
    long last;
    String about;
    try {
      last = Long.parseLong(number);
      about = Percent.decode(name);
    } catch (IllegalArgumentException e) {
      return Response.of(400, "Not about a link: " + e.getMessage());
    }
    boolean found = true;
    if (id.equals(MessageEncoder.LINK_ID)) {
      found = node.messages().announced(from.address(), about, last);
    } else if (id.equals(MessageEncoder.EXITED_ID)) {
      UPID ended = new UPID(about, from.address());
      node.messages().exited(ended, last, Messages.exit(body.toArray()));
    } else {
      return deliver(from, id, name, body);
    }
    return (found ? Response.accepted() : Response.notFound())
        .withHeader(MessageEncoder.LINK, number);
  }
}
