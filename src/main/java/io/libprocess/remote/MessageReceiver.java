package io.libprocess.remote;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Percent;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.context.ContextFields;
import io.libprocess.http.exchange.NodeConnections;
import io.libprocess.http.grammar.CanonicalPath;
import io.libprocess.http.http1.Recurrence;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.Address;
import io.libprocess.remote.links.LinkEnd;
import io.libprocess.remote.links.LinkTag;
import io.libprocess.remote.links.LinkedNodes;
import io.libprocess.remote.links.Links;
import io.libprocess.remote.links.LocalProcess;
import io.libprocess.remote.links.ProcessName;
import io.libprocess.remote.links.RecentEnds;
import io.libprocess.remote.wire.Answer;
import io.libprocess.remote.wire.MessageEncoder;
import io.libprocess.stream.Chunk;
import io.libprocess.web.Firewall;
import java.util.Optional;
import java.util.function.Function;

/**
 * Handles requests that are messages from other nodes, or that concern links. Called on the threads
 * of the connections that they arrive on.
 */
public final class MessageReceiver implements NodeConnections {

  private static final String FROM = "Libprocess-From";
  private static final String AGENT_PREFIX = "libprocess/";

  private static final Response ACCEPTED = Response.accepted();
  private static final Response NOT_FOUND = Response.notFound();
  private static final Response UNAVAILABLE = Response.serviceUnavailable();

  private final LocalNode node;
  private final LinkedNodes linkedNodes;
  private final RecentEnds recentEnds;
  private final Peers peers;
  private final int limit; // The size limit of bodies.
  private final boolean checkSenders;
  private final Firewall firewall;

  MessageReceiver(
      LocalNode node,
      LinkedNodes linkedNodes,
      RecentEnds recentEnds,
      Peers peers,
      int limit,
      boolean checkSenders,
      Firewall firewall) {
    this.node = node;
    this.linkedNodes = linkedNodes;
    this.recentEnds = recentEnds;
    this.peers = peers;
    this.limit = limit;
    this.checkSenders = checkSenders;
    this.firewall = firewall;
  }

  /** Handles a request whose path begins with a slash; empty if it is not a message. */
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

  /** Whether a message comes from a node that knows the secret, if there is one. */
  private boolean knowsSecret(Request request) {
    return node.secret().map(secret -> secret.isIn(request, node.address())).orElse(true);
  }

  private Future<Response> message(Request request, String sender) {
    if (!knowsSecret(request)) {
      return Future.of(Response.forbidden("Messages need the secret of the nodes."));
    }
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
    Optional<Target> target = Target.of(request, node);
    if (target.isEmpty()) {
      return refuse("Failed to decode URL path: " + request.path());
    }
    Optional<Response> objection = objection(request, target.get());
    if (objection.isPresent()) {
      return Future.of(objection.get());
    }
    Function<Chunk, Future<Response>> deliver =
        handler(request, from.get(), target.get().id(), target.get().name());
    if (!(request.body() instanceof Body.Streamed streamed)) {
      Chunk body = request.bytes();
      return body.size() <= limit
          ? deliver.apply(body)
          : Future.failed(MessageBody.tooLarge(limit));
    }
    if (request.headers().first("Content-Length").isPresent()) {
      // No node sends a stream; a body that is too large is refused at once.
      return request.buffered(limit).then(whole -> deliver.apply(whole.bytes()));
    }
    return MessageBody.read(streamed, limit, MemoryBudget.of(node.transport()))
        .then(deliver::apply);
  }

  /** The answer of a rule that refuses a message; it is told what the receiver goes by. */
  private Optional<Response> objection(Request request, Target target) {
    if (firewall.isEmpty()) {
      return Optional.empty();
    }
    String id = "/" + CanonicalPath.encoded(target.id());
    String name = target.name().replace("%", "%25"); // Names have no escapes.
    return firewall.objection(request, name.isEmpty() ? id : id + "/" + name);
  }

  private Function<Chunk, Future<Response>> handler(
      Request request, ProcessName from, String id, String name) {
    boolean ours = request.headers().first(MessageEncoder.LINK).isPresent();
    if (ours && id.equals(MessageEncoder.LINK_ID)) {
      return body -> Future.of(announced(request, from.address(), name));
    }
    if (ours && id.equals(MessageEncoder.EXITED_ID)) {
      return body -> Future.of(exited(request, from.address(), name, body.toArray()));
    }
    if (id.equals(MessageEncoder.HEARTBEAT_ID)) {
      return body -> Future.of(NOT_FOUND); // As a C++ node answers; not a message to nobody.
    }
    LocalNode.Inbox inbox = node.inbox(from, id, name);
    return body -> deliver(inbox, body);
  }

  /**
   * Delivers a message. The answer waits while the receiver has too much, and so, before long, does
   * the connection.
   */
  private static Future<Response> deliver(LocalNode.Inbox inbox, Chunk body) {
    Response answer = answer(inbox.deliver(body.toArray()));
    Future<Void> room = inbox.whenRoom();
    return room == null ? Future.of(answer) : room.map(ready -> answer);
  }

  private static Response answer(LocalNode.Outcome outcome) {
    return switch (outcome) {
      case ACCEPTED -> ACCEPTED;
      case NO_PROCESS -> NOT_FOUND;
      case MAILBOX_FULL -> UNAVAILABLE;
    };
  }

  /**
   * The shortcut for repeated requests: see {@link
   * io.libprocess.http.server.RecurrenceHandler#recurrence}.
   */
  public Recurrence recurrence(Request request) {
    Optional<ProcessName> from = sender(request).flatMap(ProcessName::parse);
    if (from.isEmpty()
        || !request.path().startsWith("/")
        || request.headers().first(MessageEncoder.LINK).isPresent()
        || ContextFields.areIn(request.headers()) // Which has to be entered.
        || checkSenders && !sameIp(from.get(), request)
        || !knowsSecret(request)) {
      return null;
    }
    Optional<Target> target = Target.of(request, node);
    if (target.isEmpty()
        || !target.get().isCertain()
        || target.get().id().equals(MessageEncoder.HEARTBEAT_ID)) {
      return null;
    }
    LocalNode.Inbox inbox = node.inbox(from.get(), target.get().id(), target.get().name());
    return body ->
        body.length > limit || !firewall.isEmpty() || inbox.whenRoom() != null
            ? null
            : answer(inbox.deliver(body));
  }

  private static boolean sameIp(ProcessName from, Request request) {
    return request.client().filter(peer -> peer.ip().equals(from.address().ip())).isPresent();
  }

  /* ---------------- Requests between nodes of this library ---------------- */

  /** Notes that a connection has been accepted: there may be links to processes of this node. */
  public void connected() {
    recentEnds.wantAll();
  }

  @Override
  public boolean isFromNode(Request request) {
    return sender(request).isPresent() && knowsSecret(request);
  }

  /** Drops the announcements made on a closed connection. */
  @Override
  public void closed(Address client) {
    if (client != null) {
      linkedNodes.forget(client);
    }
  }

  /** Handles another node's announcement of a link to a process of this one. */
  private Response announced(Request request, Address from, String name) {
    String text = request.headers().first(MessageEncoder.LINK).orElseThrow();
    Optional<LinkTag> tag = LinkTag.parse(text);
    Address client = request.client().orElse(from);
    if (tag.isEmpty()) {
      return Response.of(400, "Not the number of a link: '" + text + "'");
    }
    if (!linkedNodes.admits(client, from)) {
      return Response.of(400, "Links of another node are announced on this connection");
    }
    String id;
    long age;
    try {
      id = Percent.decode(name);
      age = Long.parseLong(request.headers().first(MessageEncoder.AGE).orElse("0"));
    } catch (IllegalArgumentException e) {
      return noLink(e);
    }
    recentEnds.wantAll();
    peers.recognize(from);
    Optional<LocalProcess> process = node.find(id);
    boolean isForSuccessor = lastEnd(id).filter(end -> end.ago() <= age).isEmpty();
    if (isForSuccessor && process.isPresent()) {
      linkedNodes.add(client, from, process.get(), tag.get());
      // An end is noted before the links are taken: if it has not been noted, they will be taken.
      if (process.get().isLive() || !recentEnds.has(process.get())) {
        return about(text, Response.accepted());
      }
      linkedNodes.remove(client, process.get());
    }
    Response gone = about(text, Response.notFound());
    return lastEnd(id)
        .map(
            end ->
                gone.withHeader(
                    MessageEncoder.END, end.ago() + " " + Percent.encode(end.encoded())))
        .orElse(gone);
  }

  private Optional<RecentEnds.Ended> lastEnd(String id) {
    return recentEnds.last(id, node.clock().nanoTime());
  }

  /**
   * The end of the process that an announcement was about. The other node says how long before its
   * answer the process ended; if that was before the link was made, there was no process to link
   * to.
   *
   * @param now when the answer arrived, in nanoseconds of the clock
   */
  public static LinkEnd endIn(Answer answer, Links.Link link, long now) {
    int blank = answer.end() == null ? -1 : answer.end().indexOf(' ');
    try {
      return blank < 0 || now - Long.parseLong(answer.end(), 0, blank, 10) < link.madeAt()
          ? LinkEnd.NO_PROCESS
          : LinkEnd.decode(Percent.decodeBytes(answer.end().substring(blank + 1)));
    } catch (IllegalArgumentException e) {
      return LinkEnd.NO_PROCESS;
    }
  }

  /** Handles another node's notice of the end of one of its processes. */
  private Response exited(Request request, Address from, String name, byte[] body) {
    String text = request.headers().first(MessageEncoder.LINK).orElseThrow();
    Optional<LinkTag> tag = LinkTag.parse(text);
    if (tag.isEmpty()) {
      return Response.of(400, "Not the number of a link: '" + text + "'");
    }
    try {
      ProcessName ended = new ProcessName(Percent.decode(name), from);
      peers.ended(ended, tag.get(), LinkEnd.decode(body));
      return about(text, Response.accepted());
    } catch (IllegalArgumentException e) {
      return noLink(e);
    }
  }

  private static Response about(String tag, Response response) {
    return response.withHeader(MessageEncoder.LINK, tag);
  }

  private static Response noLink(IllegalArgumentException failure) {
    return Response.of(400, "Not about a link: " + failure.getMessage());
  }
}
