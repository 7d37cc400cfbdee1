package io.libprocess.simulation.example;

import io.libprocess.Codec;
import io.libprocess.Delivery;
import io.libprocess.Exit;
import io.libprocess.Process;
import io.libprocess.RemoteConnection;
import io.libprocess.UPID;
import io.libprocess.future.Future;
import io.libprocess.simulation.Host;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A process that links to others, sends them messages, and ends now and then by itself. What it
 * does and is told goes into a {@link TalkLog}.
 */
final class Talker extends Process<Talker> {

  /** Thrown by a talker that is to fail. */
  static final class Tired extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Tired() {
      super("enough", null, false, false);
    }
  }

  private static final int LONGEST = 300;

  private final TalkLog log;
  private final TalkLog.Life life;
  private final List<Host> hosts;
  private final int each;
  private final Map<String, Long> links = new LinkedHashMap<>(); // When it linked, by process.
  private final Map<String, Integer> again = new HashMap<>(); // Links that were there, or not.
  private final Set<String> answered = new HashSet<>();

  Talker(String id, TalkLog log, TalkLog.Life life, List<Host> hosts, int each) {
    super(id);
    this.log = log;
    this.life = life;
    this.hosts = hosts;
    this.each = each;
  }

  /** When it has linked to those of whose end it has not been told. */
  Map<String, Long> links() {
    return links;
  }

  boolean hasAnswerOf(TalkLog.Life other) {
    return other == life || answered.contains(other.pid);
  }

  private int random(int bound) {
    return node().random().nextInt(bound);
  }

  private UPID somebody() {
    return new UPID("t" + random(each), hosts.get(random(hosts.size())).address());
  }

  @Override
  protected void initialize() {
    install("text", Codec.STRING, this::got);
    install("ping", Codec.STRING, (from, text) -> send(from, "pong", Codec.STRING, text));
    install(
        "pong",
        Codec.STRING,
        (from, text) -> {
          answered.add(log.text(from));
          log.talks();
        });
    again();
  }

  private void again() {
    delay(Duration.ofMillis(20 + random(300)), one -> one.act());
  }

  private void act() {
    switch (log.phase()) {
      case BUSY -> {
        doSomething();
        again();
      }
      case MEETING -> {
        meet();
        again();
      }
      case QUIET -> {}
    }
  }

  private void doSomething() {
    switch (random(16)) {
      case 0, 1, 2 -> linkTo(somebody(), RemoteConnection.REUSE);
      case 3 -> linkTo(somebody(), RemoteConnection.RECONNECT);
      case 4 -> {
        if (random(2) == 0) {
          node().terminate(self());
        } else if (random(2) == 0) {
          log.ended(life, Exit.Reason.FAILED);
          throw new Tired();
        }
      }
      default -> talk(somebody());
    }
  }

  private void linkTo(UPID other, RemoteConnection connection) {
    if (other.equals(self())) {
      return;
    }
    String pid = log.text(other);
    if (!links.containsKey(pid) && !again.containsKey(pid)) {
      links.put(pid, log.now());
    } else if (random(4) == 0) {
      again.merge(pid, 1, Integer::sum);
    } else {
      return; // Mostly there is one link at a time, so that it is clear which one has ended.
    }
    if (connection == RemoteConnection.RECONNECT) {
      log.reconnects(life, other);
    }
    link(other, connection);
  }

  private void talk(UPID other) {
    boolean confirmed = random(2) == 0;
    TalkLog.Sent sent = log.send(life, other, confirmed);
    String text = sent.number + " " + "x".repeat(random(LONGEST));
    if (confirmed) {
      Future<Delivery> delivery =
          sendConfirmed(other, "text", text.getBytes(StandardCharsets.UTF_8));
      delivery.onReady(known -> log.delivered(sent, known));
    } else {
      send(other, "text", Codec.STRING, text);
    }
  }

  private void got(UPID from, String text) {
    log.received(Integer.parseInt(text.substring(0, text.indexOf(' '))), life);
  }

  private void meet() {
    for (TalkLog.Life other : log.living()) {
      if (!hasAnswerOf(other)) {
        send(UPID.of(other.pid), "ping", Codec.STRING, "");
      }
      if (!again.containsKey(other.pid) && !links.containsKey(other.pid)) {
        linkTo(UPID.of(other.pid), RemoteConnection.REUSE);
      }
    }
  }

  /** Ends the links to all that live, and those of which nobody knows whether they are there. */
  void unlinkAll() {
    log.living().forEach(other -> unlink(UPID.of(other.pid)));
    again.keySet().forEach(other -> unlink(UPID.of(other)));
    links.clear();
    again.clear();
  }

  @Override
  protected void exited(UPID pid, Exit exit) {
    Long linked = links.remove(log.text(pid));
    if (linked == null) {
      int more = again.merge(log.text(pid), -1, Integer::sum);
      if (more < 0) {
        log.toldWithoutLink(life, pid, exit);
      }
      if (more <= 0) {
        again.remove(log.text(pid));
      }
    }
    log.told(life, pid, exit, linked == null ? -1 : linked);
  }

  @Override
  protected void finish() {
    log.ended(life, Exit.Reason.TERMINATED);
  }
}
