package io.libprocess.simulation;

import static java.util.Objects.requireNonNull;

import io.libprocess.internal.Saturating;
import io.libprocess.simulation.engine.Engine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Something that goes wrong at a time: a part of a plan, which is data so that it can be printed,
 * edited and made smaller.
 *
 * @param kind what goes wrong
 * @param at when, from the beginning of the world
 * @param lasting how long, if it lasts
 * @param host the index of the host that it concerns, counted around if there are fewer; for
 *     partitions a set of them, a bit for each
 * @param other the index of another host, for links
 * @param amount how bad it is: a factor, a probability, or a part of a million
 */
public record Fault(Kind kind, Duration at, Duration lasting, int host, int other, double amount) {

  /** The kind of a fault. */
  public enum Kind {
    /** The host fails, and starts again later with what it has stored. */
    CRASH,
    /** The host fails, and starts again later with nothing. */
    CRASH_LOSING_STORE,
    /** The host's nodes are closed, and it starts again later. */
    STOP,
    /** The host does nothing for a while, as in a pause of the collector. */
    PAUSE,
    /** Each step of the host takes so many times as long. */
    SLOW,
    /** The host's clock gains so many parts of a million. */
    DRIFT,
    /** The host's timers fire late. */
    LATE_TIMERS,
    /** The hosts of a set and the others do not reach each other. */
    PARTITION,
    /** As a partition, but answered by resets. */
    REJECT,
    /** A host does not reach another one. */
    ONE_WAY,
    /** Nothing arrives from a host at another one for a while, and then everything. */
    CLOG,
    /** A set of hosts is clogged one by one, and released one by one in another order. */
    SWIZZLE,
    /** Segments between all hosts are lost with a probability. */
    LOSS,
    /** A host sends slowly to another one: so many bytes in a second. */
    NARROW,
    /** The connections between two hosts break. */
    RESET,
    /** Connections break with a probability whenever something was delivered. */
    RESET_AFTER_DELIVERY;

    /** Whether it concerns what is sent from one host to another. */
    boolean isOfLink() {
      return this == ONE_WAY || this == CLOG || this == NARROW;
    }

    /** Whether it concerns a host rather than the network. */
    boolean isOfHost() {
      return compareTo(LATE_TIMERS) <= 0;
    }
  }

  /** Checks that nothing is null. */
  public Fault {
    requireNonNull(kind, "kind");
    requireNonNull(at, "at");
    requireNonNull(lasting, "lasting");
  }

  /** A host fails, and is started again with what it has stored when some time has passed. */
  public static Fault crash(Duration at, int host, Duration down) {
    return new Fault(Kind.CRASH, at, down, host, 0, 0);
  }

  /** A host does nothing for a while. */
  public static Fault pause(Duration at, int host, Duration lasting) {
    return new Fault(Kind.PAUSE, at, lasting, host, 0, 0);
  }

  /** A host does not reach another one for a while. */
  public static Fault oneWay(Duration at, int host, int other, Duration lasting) {
    return new Fault(Kind.ONE_WAY, at, lasting, host, other, 0);
  }

  /** Some hosts and the others do not reach each other for a while. */
  public static Fault partition(Duration at, List<Integer> hosts, Duration lasting) {
    int set = hosts.stream().mapToInt(host -> 1 << host).reduce(0, (a, b) -> a | b);
    return new Fault(Kind.PARTITION, at, lasting, set, 0, 0);
  }

  /** Whether another one is of the same kind, and of the same host or link, and lasts too. */
  boolean concernsAs(Fault as) {
    return kind == as.kind && host == as.host && other == as.other && !lasting.isZero();
  }

  /** The same, but it lasts until a time, if that is not earlier than its end. */
  Fault until(Duration end) {
    Duration longer = end.minus(at);
    return new Fault(
        kind, at, longer.compareTo(lasting) > 0 ? longer : lasting, host, other, amount);
  }

  static Fault parse(List<String> words) {
    return new Fault(
        Kind.valueOf(words.get(0)),
        Duration.ofNanos(Long.parseLong(words.get(1))),
        Duration.ofNanos(Long.parseLong(words.get(2))),
        Integer.parseInt(words.get(3)),
        Integer.parseInt(words.get(4)),
        Double.parseDouble(words.get(5)));
  }

  /**
   * What goes wrong, for people; without the time.
   *
   * @param servers the names of the hosts that may fail
   * @param all those of all hosts
   */
  String describe(List<String> servers, List<String> all) {
    String name = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    String during = lasting.isZero() ? "" : " for " + Engine.text(Saturating.nanos(lasting));
    return switch (kind) {
      case CRASH, CRASH_LOSING_STORE, STOP ->
          (named(servers, host) + " " + name)
              + (", restart at "
                  + Engine.text(Saturating.sum(Saturating.nanos(at), Saturating.nanos(lasting))));
      case PAUSE, LATE_TIMERS -> named(servers, host) + " " + name + during;
      case SLOW, DRIFT -> named(servers, host) + " " + name + " " + amount + during;
      case PARTITION, REJECT, SWIZZLE -> {
        List<String> some = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
          if ((host >> i & 1) != 0) {
            some.add(all.get(i));
          }
        }
        yield name + " " + some + during;
      }
      case ONE_WAY, CLOG, NARROW, RESET ->
          (name + " " + named(all, host) + " → " + named(all, other))
              + (kind == Kind.NARROW ? " " + amount + " bytes/s" : "")
              + during;
      case LOSS, RESET_AFTER_DELIVERY -> name + " " + amount + during;
    };
  }

  private static String named(List<String> names, int index) {
    return names.isEmpty() ? "nobody" : names.get(Math.floorMod(index, names.size()));
  }

  /** In the form that a scenario has. */
  String text() {
    return kind
        + (" " + Saturating.nanos(at) + " " + Saturating.nanos(lasting))
        + (" " + host + " " + other + " " + amount);
  }
}
