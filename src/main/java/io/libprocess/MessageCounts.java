package io.libprocess;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** How often something became of a message to another node. For any thread. */
final class MessageCounts {

  private final LongAdder sent = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder unanswered = new LongAdder();
  private final LongAdder noProcess = new LongAdder();
  private final LongAdder refused = new LongAdder();

  /** Somebody wants to send messages. */
  void sent() {
    sent.increment();
  }

  /** Messages did not leave this node. */
  void dropped(long messages) {
    dropped.add(messages);
  }

  /** Messages were written, but the connection broke before they were answered. */
  void unanswered(long messages) {
    unanswered.add(messages);
  }

  /** Messages were answered. */
  void answered(int status, long messages) {
    if (status == 404) {
      noProcess.add(messages);
    } else if (status >= 300) {
      refused.add(messages);
    }
  }

  /** The counts by their names. */
  Map<String, Long> all() {
    Map<String, Long> all = new TreeMap<>();
    all.put("messages/sent", sent.sum());
    all.put("messages/dropped", dropped.sum());
    all.put("messages/unanswered", unanswered.sum());
    all.put("messages/no_process", noProcess.sum());
    all.put("messages/refused", refused.sum());
    return all;
  }
}
