package io.libprocess.simulation.example;

import io.libprocess.Delivery;
import io.libprocess.Exit;
import io.libprocess.NodeTables;
import io.libprocess.UPID;
import io.libprocess.net.Address;
import io.libprocess.simulation.Host;
import io.libprocess.simulation.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that is known about {@link Talker}s from outside: their lives, the messages and the
 * links between them. It judges what they are told.
 */
final class TalkLog extends Verdict {

  /** What the talkers do. */
  enum Phase {
    /** They link, send, end and come back. */
    BUSY,
    /** They ask for answers those from whom they have none, and link to all. */
    MEETING,
    /** Nothing by themselves. */
    QUIET
  }

  /** How long after an end on a good network linkers are told, at the latest. */
  static final Duration PATIENCE = Duration.ofSeconds(4);

  /** So long an announcement of a link may be on its way on a good network. */
  private static final long TRANSIT = Duration.ofSeconds(1).toNanos();

  /** How much clocks of two hosts may differ at most in their rates. */
  private static final double DRIFT = 0.11;

  /** A process from its spawn to its end. */
  static final class Life {
    final String pid;
    final Host host;
    final int hostStart;
    final long begun;
    final Map<Life, Sent> lastFrom = new HashMap<>();
    Talker process;
    Exit.Reason reason; // Null while it has not ended by itself.
    long ended;

    Life(String pid, Host host, long begun) {
      this.pid = pid;
      this.host = host;
      this.hostStart = host.starts();
      this.begun = begun;
    }

    /** Whether its host has not failed since it began. */
    boolean hostLives() {
      return host.isUp() && host.starts() == hostStart;
    }

    boolean isLiving() {
      return reason == null && hostLives();
    }

    @Override
    public String toString() {
      return pid + " of " + begun / 1_000_000 + " ms";
    }
  }

  /** What became of one message. */
  static final class Sent {
    final int number;
    final Life from;
    final UPID to;
    final long at;
    final Object channel; // Null if it waits for one.
    final int reconnects;
    final boolean confirmed;
    Life receiver; // Null until it is received.
    boolean wentThere; // By that channel, for certain.
    Delivery delivery; // Null while that is not known.
    Life present; // Lived when it was sent and when it was answered.

    Sent(
        int number,
        Life from,
        UPID to,
        long at,
        Object channel,
        int reconnects,
        boolean confirmed) {
      this.number = number;
      this.from = from;
      this.to = to;
      this.at = at;
      this.channel = channel;
      this.reconnects = reconnects;
      this.confirmed = confirmed;
    }

    @Override
    public String toString() {
      return "message " + number + " of " + from + " to " + to;
    }
  }

  private final World world;
  private final double drift;
  private final List<Sent> messages = new ArrayList<>();
  private final Map<String, Life> current = new LinkedHashMap<>(); // By process.
  private final Map<String, List<Life>> ended = new HashMap<>();
  private final Map<Host, Map<Address, Integer>> reconnects = new HashMap<>();
  private final Map<UPID, String> texts = new HashMap<>();
  private final Object local = new Object(); // In place of a channel.
  private final Map<Exit.Reason, Integer> exits = new EnumMap<>(Exit.Reason.class);
  private final Map<Delivery, Integer> deliveries = new EnumMap<>(Delivery.class);
  private Phase phase = Phase.BUSY;
  private long strictSince = Long.MAX_VALUE; // From then on nothing goes wrong any more.
  private boolean calm; // No connection breaks.
  private int talked;

  /**
   * An empty log.
   *
   * @param drifts whether the clocks of hosts may gain or lose
   */
  TalkLog(World world, boolean drifts) {
    this.world = world;
    this.drift = drifts ? DRIFT : 0;
  }

  long now() {
    return world.elapsed().toNanos();
  }

  Phase phase() {
    return phase;
  }

  void phase(Phase next) {
    world.mark("phase " + next);
    phase = next;
  }

  /** From now on ends have to be told in time. */
  void beStrict() {
    strictSince = now();
  }

  /** Whether connections have no reason to break from now on. */
  void calm(boolean is) {
    calm = is;
  }

  int exits(Exit.Reason reason) {
    return exits.getOrDefault(reason, 0);
  }

  int deliveries(Delivery delivery) {
    return deliveries.getOrDefault(delivery, 0);
  }

  /* ------ Lives ------ */

  /** A process is about to be spawned. */
  Life begin(String pid, Host host) {
    return new Life(pid, host, now());
  }

  /** It was spawned. */
  void begun(Life life, Talker process) {
    life.process = process;
    current.put(life.pid, life);
  }

  void ended(Life life, Exit.Reason reason) {
    if (life.reason == null) {
      life.reason = reason;
      life.ended = now();
      ended.computeIfAbsent(life.pid, key -> new ArrayList<>()).add(life);
    }
  }

  List<Life> living() {
    List<Life> living = new ArrayList<>(); // This is asked for after each step.
    for (Life life : current.values()) {
      if (life.isLiving()) {
        living.add(life);
      }
    }
    return living;
  }

  /** The text of a name, which is made once. */
  String text(UPID pid) {
    return texts.computeIfAbsent(pid, UPID::toString);
  }

  /** The one that has lived since before a time; null if there was a time without it. */
  private Life living(String pid, long since) {
    Life life = current.get(pid);
    return life != null && life.isLiving() && life.begun < since ? life : null;
  }

  /* ------ Messages ------ */

  private Object channel(Life from, UPID to) {
    return to.address().equals(from.host.address())
        ? local
        : NodeTables.channel(from.process.node(), to.address());
  }

  /** A process is about to have a new connection made to a node. */
  void reconnects(Life from, UPID to) {
    reconnects
        .computeIfAbsent(from.host, host -> new HashMap<>())
        .merge(to.address(), 1, Integer::sum);
  }

  private int reconnects(Host host, UPID to) {
    return reconnects.getOrDefault(host, Map.of()).getOrDefault(to.address(), 0);
  }

  Sent send(Life from, UPID to, boolean confirmed) {
    Sent sent =
        new Sent(
            messages.size(),
            from,
            to,
            now(),
            channel(from, to),
            reconnects(from.host, to),
            confirmed);
    messages.add(sent);
    return sent;
  }

  void received(int number, Life receiver) {
    Sent sent = messages.get(number);
    if (sent.receiver != null) {
      wrong(sent + " was received twice, by " + sent.receiver + " and " + receiver);
    }
    sent.receiver = receiver;
    judge(sent);
    Sent last = receiver.lastFrom.get(sent.from);
    if (last != null
        && last.number > sent.number
        && last.wentThere
        && last.channel == sent.channel
        && last.reconnects == sent.reconnects) {
      wrong(sent + " was received after " + last);
    }
    sent.wentThere =
        sent.channel != null
            && sent.from.hostLives()
            && sent.channel == channel(sent.from, sent.to)
            && sent.reconnects == reconnects(sent.from.host, sent.to);
    if (last == null || last.number < sent.number) {
      receiver.lastFrom.put(sent.from, sent);
    }
  }

  void delivered(Sent sent, Delivery delivery) {
    sent.delivery = delivery;
    sent.present = living(text(sent.to), sent.at);
    deliveries.merge(delivery, 1, Integer::sum);
    if (delivery == Delivery.NO_PROCESS && sent.present != null) {
      wrong(sent + " is said to have found nobody, but there was " + sent.present);
    }
    judge(sent);
  }

  private void judge(Sent sent) {
    if (sent.receiver != null
        && sent.delivery != null
        && sent.delivery != Delivery.ACCEPTED
        && sent.delivery != Delivery.UNANSWERED) {
      wrong(sent + " was received, and is said to be " + sent.delivery);
    }
  }

  /** A talker has got an answer to a question. */
  void talks() {
    talked++;
  }

  int talked() {
    return talked;
  }

  /** When all is quiet: whatever is known about a message is known, and true. */
  boolean deliveriesAreTrue() {
    for (Sent sent : messages) {
      if (sent.confirmed && sent.delivery == null && sent.from.hostLives()) {
        wrong("nothing is known about " + sent);
      }
      boolean lives = sent.present != null && sent.present.isLiving();
      if (sent.delivery == Delivery.ACCEPTED && sent.receiver == null && lives) {
        wrong(sent + " was accepted and not received, and there is " + sent.present);
      }
    }
    return nothingIsWrong();
  }

  /* ------ Links ------ */

  /**
   * A process is told of an end.
   *
   * @param linked when it linked; negative if it may have linked again since, nobody knows
   */
  void told(Life linker, UPID pid, Exit exit, long linked) {
    exits.merge(exit.reason(), 1, Integer::sum);
    String what = linker + " is told that " + pid + " is " + exit.reason();
    if (exit.reason() == Exit.Reason.DISCONNECTED) {
      if (calm || pid.address().equals(linker.host.address())) {
        wrong(what + ", and there was no reason: " + exit.cause());
      }
      return;
    }
    // A link that was announced late is compared with ends by clocks that may drift.
    long uncertain = (long) (drift * (now() - linked));
    Life lives = linked < 0 ? null : living(text(pid), linked - uncertain);
    if (lives != null) {
      wrong(what + ", and has linked at " + linked + " to " + lives);
    }
    if (exit.reason() != Exit.Reason.NO_PROCESS
        && ended.getOrDefault(text(pid), List.of()).stream()
            .noneMatch(life -> life.reason == exit.reason())) {
      wrong(what + ", and none has ever ended so");
    }
  }

  /** A process is told of the end of another one, to which it has no link. */
  void toldWithoutLink(Life linker, UPID pid, Exit exit) {
    wrong(linker + " is told that " + pid + " is " + exit.reason() + ", and has no link to it");
  }

  /** Whether whoever has linked to a process that has ended was told, if there was time. */
  boolean endsAreTold() {
    long due = now() - PATIENCE.toNanos();
    if (due < strictSince) {
      return true;
    }
    for (Life linker : living()) {
      linker.process.links().forEach((pid, linked) -> checkTold(linker, pid, linked, due));
    }
    return nothingIsWrong();
  }

  private void checkTold(Life linker, String pid, long linked, long due) {
    Life there = current.get(pid);
    List<Life> before = ended.getOrDefault(pid, List.of());
    Life last = before.isEmpty() ? null : before.get(before.size() - 1);
    boolean hasEnded =
        last != null && linked >= strictSince && last.ended > linked + TRANSIT && last.ended < due;
    boolean isGone =
        (there == null || !there.isLiving())
            && linked < due
            && (last == null || last.ended < due)
            && (there == null || there.hostLives());
    if (hasEnded || isGone) {
      wrong(linker + " has linked to " + pid + " at " + linked + " and was not told of its end");
    }
  }

  /** The links of the living to others, of which they were not told. */
  List<String> links(Host to) {
    List<String> links = new ArrayList<>();
    String there = "@" + to.address();
    for (Life linker : living()) {
      for (String pid : linker.process.links().keySet()) {
        if (pid.endsWith(there)) {
          links.add(linker + " to " + pid);
        }
      }
    }
    return links;
  }
}
