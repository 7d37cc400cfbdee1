package io.libprocess.simulation.network;

import io.libprocess.simulation.engine.Agenda;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One direction of a connection: what is on its way, in order. The first segment decides: while
 * that cannot get through it is sent again, later and later, and those behind it wait.
 */
final class SegmentQueue {

  private static final long FIRST_RETRY = 200_000_000L; // Nanoseconds, as in Linux.
  private static final long LAST_RETRY = 120_000_000_000L;
  private static final long GIVE_UP = 900_000_000_000L;

  /** The end of the stream. */
  static final byte[] END = {};

  private record Segment(byte[] bytes, long arrival) {}

  private final SimulatedNetwork network;
  private final SimulatedChannel from;
  private final SimulatedChannel to;
  private final Direction link;
  private final Direction back;
  private final Deque<Segment> flying = new ArrayDeque<>();

  private long last; // When the last segment arrives.
  private long inFlight; // Bytes that the receiver has not read.
  private long unacknowledged; // Bytes that it has read while the way back was cut.
  private boolean broken;
  private long retry = FIRST_RETRY; // How long until the first segment is sent again.
  private long failingSince = -1;
  private Agenda.Entry arrival; // Of the first segment; null if nothing is on its way.
  private Agenda.Entry probe; // Of a window that is full; null if none is planned.
  private long probing = FIRST_RETRY;

  SegmentQueue(
      SimulatedNetwork network, SimulatedChannel from, SimulatedChannel to, long notBefore) {
    this.network = network;
    this.from = from;
    this.to = to;
    link = network.link(from.host(), to.host());
    back = network.link(to.host(), from.host());
    last = notBefore;
  }

  /** How many more bytes may be on their way. */
  long room() {
    return broken ? Long.MAX_VALUE : network.window() - inFlight - unacknowledged;
  }

  /**
   * There is something to send, and no room. It is asked again and again whether there is some, by
   * which the sender learns that the receiver is no more.
   */
  void isFull() {
    if (probe == null && !broken) {
      probe = network.engine().at(network.engine().time() + probing, this::probe);
    }
  }

  private void probe() {
    probe = null;
    probing = Math.min(LAST_RETRY, 2 * probing);
    if (broken || room() > 0 || from.isClosed() || from.isLost()) {
      probing = FIRST_RETRY;
    } else if (to.isLost() && !link.isCut() && !network.isDown(to.host())) {
      breakOff();
      network.sendReset(to, from, true);
    } else {
      isFull();
    }
  }

  /** Sends bytes, or the {@link #END}. */
  void send(byte[] bytes) {
    if (broken) {
      network.sendReset(to, from, true); // Again, if the first one was lost.
      return;
    }
    inFlight += bytes.length;
    long now = network.engine().time();
    long arrives = link.departure(now, bytes.length) + from.latency();
    long again = FIRST_RETRY;
    while (link.draws().chance(link.loss()) && again < LAST_RETRY) {
      arrives += again;
      again *= 2;
    }
    last = Math.max(last, arrives);
    flying.add(new Segment(bytes, last));
    if (arrival == null) {
      arrival = network.engine().at(last, this::arrive);
    }
  }

  private void arrive() {
    arrival = null;
    long now = network.engine().time();
    if (broken || flying.isEmpty()) {
      return;
    }
    if (link.isRejecting()) {
      breakOff();
      from.fail("Connection reset by peer");
      to.fail("Connection reset by peer");
      return;
    }
    if (link.cloggedUntil() > now) {
      arrival = network.engine().at(link.cloggedUntil(), this::arrive);
      return;
    }
    if (link.isCut() || network.isDown(to.host())) {
      tryLater(now);
      return;
    }
    failingSince = -1;
    retry = FIRST_RETRY;
    Segment first = flying.poll();
    if (!flying.isEmpty()) {
      arrival = network.engine().at(flying.peek().arrival(), this::arrive);
    }
    if (to.isLost() || to.refuses(first.bytes())) {
      breakOff();
      network.sendReset(to, from, true);
    } else {
      to.arrived(first.bytes());
    }
  }

  private void tryLater(long now) {
    if (failingSince < 0) {
      failingSince = now;
    }
    if (from.isLost()) {
      broken = true; // Nobody sends it again.
      return;
    }
    if (now - failingSince >= GIVE_UP) {
      breakOff();
      from.fail("Connection timed out");
      return;
    }
    arrival = network.engine().at(now + retry, this::arrive);
    retry = Math.min(LAST_RETRY, 2 * retry);
  }

  /** The network is whole again: all that is on its way, or is to be sent again, arrives soon. */
  void forgetDelay() {
    retry = FIRST_RETRY;
    probing = FIRST_RETRY;
    if (probe != null) {
      probe.cancel();
      probe = null;
      isFull();
    }
    long soon = network.engine().time() + 1_000_000;
    last = Math.min(last, soon);
    for (int i = flying.size(); i > 0; i--) {
      Segment segment = flying.poll();
      flying.add(new Segment(segment.bytes(), Math.min(segment.arrival(), soon)));
    }
    if (arrival != null) {
      arrival.cancel();
      long first = failingSince < 0 ? flying.peek().arrival() : soon;
      arrival = network.engine().at(first, this::arrive);
    }
    acknowledge();
  }

  /** The receiver has read bytes. */
  void read(int count) {
    inFlight -= count;
    if (back.isCut() && count > 0) {
      if (unacknowledged == 0) {
        acknowledgeLater(FIRST_RETRY);
      }
      unacknowledged += count;
    } else {
      from.pump();
    }
  }

  private void acknowledgeLater(long wait) {
    network
        .engine()
        .at(
            network.engine().time() + wait,
            () -> {
              if (back.isCut() && !broken) {
                acknowledgeLater(Math.min(LAST_RETRY, 2 * wait));
              } else {
                acknowledge();
              }
            });
  }

  private void acknowledge() {
    if (unacknowledged > 0) {
      unacknowledged = 0;
      from.pump();
    }
  }

  /** Loses what is on its way, and all that is sent from now on. */
  void breakOff() {
    broken = true;
    flying.clear();
    if (arrival != null) {
      arrival.cancel();
      arrival = null;
    }
  }
}
