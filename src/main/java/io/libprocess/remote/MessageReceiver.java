package io.libprocess.remote;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Percent;
import io.libprocess.http.Recurrence;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.net.Address;
import io.libprocess.stream.Chunk;
import java.util.Optional;
import java.util.function.Function;

/**
 * Takes the requests that are messages from other nodes, or that tell of links. Called on the
 * threads of the connections that they arrive on.
 */
public final class MessageReceiver {

  private static final String FROM = "Libprocess-From";
  private static final String AGENT_PREFIX = "libprocess/";

  private static final Response ACCEPTED = Response.accepted();
  private static final Response NOT_FOUND = Response.notFound();

  private final LocalNode node;
  private final Links links;
  private final Peers peers;
  private final int limit; // Of the size of bodies.
  private final boolean checkSenders;

  MessageReceiver(LocalNode node, Links links, Peers peers, int limit, boolean checkSenders) {
    this.node = node;
    this.links = links;
    this.peers = peers;
    this.limit = limit;
    this.checkSenders = checkSenders;
  }

  /** Takes a request whose path begins with a slash; empty if it is no message. */
  public Optional<Future<Response>> handle(Request request) {
    return sender(request).map(sender -> message(request, sender));
  }

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

  private static Future<Response> refuse(String text) {
    return Future.of(Response.of(400, text));
  }

  private Future<Response> message(Request request, String sender) {
    Optional<ProcessName> from = ProcessName.parse(sender);
    if (from.isEmpty()) {
      return refuse("The sender is not of the form id@ip:port: '" + sender + "'");
    }
    if (checkSenders && !sameIp(from.get(), request)) {
      String peer = request.client().map(Address::toString).orElse("nowhere");
      return refuse(
          "UPID IP address validation failed: Message from "
              + from.get()
              + " was sent from IP "
              + peer);
    }
    String path = request.path();
    int end = segmentEnd(path);
    Optional<String> id = decode(path, end);
    if (id.isEmpty()) {
      return refuse("Failed to decode URL path: " + path);
    }
    Function<Chunk, Response> deliver =
        handler(
            from.get(), id.get(), name(path, end), request.headers().first(MessageEncoder.LINK));
    if (!(request.body() instanceof Body.Streamed) && request.bytes().size() <= limit) {
      return Future.of(deliver.apply(request.bytes()));
    }
    return request.buffered(limit).map(whole -> deliver.apply(whole.bytes()));
  }

  private Function<Chunk, Response> handler(
      ProcessName from, String id, String name, Optional<String> number) {
    if (number.isPresent() && id.equals(MessageEncoder.LINK_ID)) {
      return body -> announced(from.address(), name, number.get());
    }
    if (number.isPresent() && id.equals(MessageEncoder.EXITED_ID)) {
      return body -> exited(from.address(), name, number.get(), body.toArray());
    }
    LocalNode.Inbox inbox = node.inbox(from, id, name);
    return body -> answer(inbox.deliver(body.toArray()));
  }

  private static Response answer(LocalNode.Outcome outcome) {
    return outcome == LocalNode.Outcome.ACCEPTED ? ACCEPTED : NOT_FOUND;
  }

  /** See {@link io.libprocess.http.RequestHandler#recurrence}. */
  public Recurrence recurrence(Request request) {
    Optional<ProcessName> from = sender(request).flatMap(ProcessName::parse);
    String path = request.path();
    if (from.isEmpty()
        || !path.startsWith("/")
        || request.headers().first(MessageEncoder.LINK).isPresent()
        || checkSenders && !sameIp(from.get(), request)) {
      return null;
    }
    int end = segmentEnd(path);
    Optional<String> id = decode(path, end);
    if (id.isEmpty()) {
      return null;
    }
    LocalNode.Inbox inbox = node.inbox(from.get(), id.get(), name(path, end));
    return body -> body.length > limit ? null : answer(inbox.deliver(body));
  }

  private static boolean sameIp(ProcessName from, Request request) {
    return request.client().filter(peer -> peer.ip().equals(from.address().ip())).isPresent();
  }

  private static int segmentEnd(String path) {
    int slash = path.indexOf('/', 1);
    return slash < 0 ? path.length() : slash;
  }

  private static String name(String path, int idEnd) {
    return idEnd < path.length() ? path.substring(idEnd + 1) : "";
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

  /* ---------------- What only nodes of this library say to each other ---------------- */

  /** Another node has announced a link to a process of this one. */
  private Response announced(Address from, String name, String number) {
    try {
      long last = Long.parseLong(number);
      Optional<LocalProcess> process = node.find(Percent.decode(name));
      peers.recognize(from);
      boolean found = process.isPresent() && links.addNode(from, process.get(), last);
      return about(number, found);
    } catch (IllegalArgumentException e) {
      return noLink(e);
    }
  }

  /** Another node has told of the end of one of its processes. */
  private Response exited(Address from, String name, String number, byte[] body) {
    try {
      ProcessName ended = new ProcessName(Percent.decode(name), from);
      peers.ended(ended, Long.parseLong(number), LinkEnd.decode(body));
      return about(number, true);
    } catch (IllegalArgumentException e) {
      return noLink(e);
    }
  }

  private static Response about(String number, boolean found) {
    return (found ? Response.accepted() : Response.notFound())
        .withHeader(MessageEncoder.LINK, number);
  }

  private static Response noLink(IllegalArgumentException failure) {
    return Response.of(400, "Not about a link: " + failure.getMessage());
  }
}
