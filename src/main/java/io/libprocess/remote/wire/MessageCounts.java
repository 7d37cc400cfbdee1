package io.libprocess.remote.wire;

import io.libprocess.internal.flight.Flight;
import io.libprocess.metrics.Counter;
import io.libprocess.metrics.Metrics;
import java.util.Map;
import java.util.TreeMap;

/** Counts of the outcomes of messages to other nodes. Thread-safe. */
public final class MessageCounts {

  private final Map<String, Counter> all = new TreeMap<>();
  private final Counter sent = counter("sent");
  private final Counter dropped = counter("dropped");
  private final Counter unanswered = counter("unanswered");
  private final Counter noProcess = counter("no_process");
  private final Counter refused = counter("refused");

  /** Makes counts and adds them to a registry of metrics. */
  public MessageCounts(Metrics metrics) {
    all.values().forEach(metrics::add);
  }

  private Counter counter(String what) {
    Counter counter = new Counter("libprocess/messages_" + what);
    all.put(counter.name(), counter);
    return counter;
  }

  /** Counts a message to be sent. */
  public void sent() {
    sent.increment();
  }

  /**
   * Counts messages that did not leave this node.
   *
   * @param to the node they were for
   */
  public void dropped(Object to, long messages) {
    if (messages > 0 && Flight.isOn()) {
      Flight.sink().messagesDropped(to, messages);
    }
    dropped.add(messages);
  }

  /** Counts messages that were written, but whose connection broke before they were answered. */
  public void unanswered(long messages) {
    unanswered.add(messages);
  }

  /** Counts answered messages. */
  public void answered(int status, long messages) {
    if (status == 404) {
      noProcess.add(messages);
    } else if (status >= 300) {
      refused.add(messages);
    }
  }

  /** The counts by name. */
  public Map<String, Long> all() {
    Map<String, Long> counts = new TreeMap<>();
    all.forEach((name, counter) -> counts.put(name, counter.value().get().longValue()));
    return counts;
  }
}
