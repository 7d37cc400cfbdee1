package io.libprocess.remote;

import io.libprocess.internal.Reason;
import io.libprocess.remote.wire.MessageCounts;
import io.libprocess.remote.wire.Outgoing;
import io.libprocess.remote.wire.Receipt;
import java.util.List;
import java.util.Optional;

/**
 * The requests left over from a closed connection.
 *
 * @param unanswered the requests that were written and will not be answered
 * @param unsent the requests that were not written, in order
 */
record Leftover(Unanswered.Lost unanswered, List<Outgoing> unsent) {

  private long dropped() {
    return unsent.stream().filter(Outgoing::isMessage).count();
  }

  /** The number of processes' messages that are lost with it. */
  long messages() {
    return unanswered.messages() + dropped();
  }

  /** The text for the log. */
  String text(Object to, Optional<? extends Throwable> cause) {
    long count = messages();
    String lost = count == 1 ? " message was not answered" : " messages were not answered";
    String why = cause.map(e -> ": " + Reason.of(e)).orElse("");
    return "The connection to " + to + " closed, " + count + lost + why;
  }

  /**
   * Counts the lost requests, and notifies their receipts: all of them, whatever one of them
   * throws.
   */
  void tell(Object to, MessageCounts counts) {
    counts.unanswered(unanswered.messages());
    counts.dropped(to, dropped());
    for (int i = 0; i < unanswered.receipts().size(); i++) {
      tell(unanswered.receipts().get(i), true);
    }
    for (int i = 0; i < unsent.size(); i++) {
      tell(unsent.get(i).receipt(), false);
    }
  }

  private static void tell(Receipt receipt, boolean written) {
    try {
      if (receipt != null) {
        receipt.lost(written);
      }
    } catch (OutOfMemoryError e) {
      // There is no memory to report that either.
    }
  }
}
