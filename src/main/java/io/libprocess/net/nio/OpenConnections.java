package io.libprocess.net.nio;

import io.libprocess.internal.Counted;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.internal.flight.Flight;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many connections a transport has open. Each takes memory even if nobody says anything, so it
 * draws on the budget; and all of them may take the half of that, so that something is left to
 * serve them with. For any thread.
 */
final class OpenConnections implements Counted {

  /** What a silent connection takes, with what HTTP keeps about it, in bytes, about. */
  static final int COST = 2500;

  private final MemoryBudget memory;
  private final AtomicLong count = new AtomicLong();
  private final LongAdder ever = new LongAdder();
  private final LongAdder received = new LongAdder();
  private final LongAdder sent = new LongAdder();

  OpenConnections(MemoryBudget memory) {
    this.memory = memory;
  }

  /** What the connections draw on. */
  MemoryBudget memory() {
    return memory;
  }

  /** Whether no more should be accepted. */
  boolean areMost() {
    return count.get() >= Math.max(1, memory.limit() / 2 / COST);
  }

  /** One more is open. */
  void opened(Object remote) {
    if (Flight.isOn()) {
      Flight.sink().connection(remote, true);
    }
    count.incrementAndGet();
    ever.increment();
    memory.take(COST);
  }

  /** Bytes have come. */
  void received(int bytes) {
    received.add(bytes);
  }

  /** The system has taken bytes. */
  void sent(int bytes) {
    sent.add(bytes);
  }

  @Override
  public void showTo(Collector collector) {
    collector.gauge("sockets", "Open connections of all kinds.", count::get);
    collector.counter("sockets_opened", "Connections that were ever opened.", ever::sum);
    collector.counter("received_bytes", "Bytes that connections have received.", received::sum);
    collector.counter("sent_bytes", "Bytes that connections have sent.", sent::sum);
  }

  /** One is closed. */
  void closed(Object remote) {
    if (Flight.isOn()) {
      Flight.sink().connection(remote, false);
    }
    count.decrementAndGet();
    memory.give(COST);
  }
}
