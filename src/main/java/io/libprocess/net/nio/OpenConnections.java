package io.libprocess.net.nio;

import io.libprocess.internal.Counted;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.internal.flight.Flight;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The count of a transport's open connections. Each takes memory even if it is idle, so it draws on
 * the budget; all of them together may take half of the budget, so that the rest is left for
 * serving them. Thread-safe.
 */
final class OpenConnections implements Counted {

  /** The approximate number of bytes that a silent connection takes, including HTTP's state. */
  static final int COST = 2500;

  private final MemoryBudget memory;
  private final AtomicLong count = new AtomicLong();
  private final LongAdder ever = new LongAdder();
  private final LongAdder received = new LongAdder();
  private final LongAdder sent = new LongAdder();

  OpenConnections(MemoryBudget memory) {
    this.memory = memory;
  }

  /** The budget that the connections draw on. */
  MemoryBudget memory() {
    return memory;
  }

  /** Whether no more connections should be accepted. */
  boolean areMost() {
    return count.get() >= Math.max(1, memory.limit() / 2 / COST);
  }

  /** Counts an opened connection, even if this throws for lack of memory. */
  void opened(Object remote) {
    count.incrementAndGet();
    memory.take(COST);
    ever.increment();
    if (Flight.isOn()) {
      Flight.sink().connection(remote, true);
    }
  }

  /** Counts received bytes. */
  void received(int bytes) {
    received.add(bytes);
  }

  /** Counts bytes that the system has taken. */
  void sent(int bytes) {
    sent.add(bytes);
  }

  @Override
  public void showTo(Collector collector) {
    collector.gauge("sockets", "Open connections of all kinds.", count::get);
    collector.counter("sockets_opened", "Connections opened since the start.", ever::sum);
    collector.counter("received_bytes", "Bytes that connections have received.", received::sum);
    collector.counter("sent_bytes", "Bytes that connections have sent.", sent::sum);
  }

  /** Counts a closed connection. */
  void closed(Object remote) {
    count.decrementAndGet();
    memory.give(COST);
    if (Flight.isOn()) {
      Flight.sink().connection(remote, false);
    }
  }
}
