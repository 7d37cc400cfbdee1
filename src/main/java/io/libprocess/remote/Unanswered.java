package io.libprocess.remote;

import io.libprocess.remote.wire.Receipt;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The requests that have been written on one connection and not yet answered. Answers come in the
 * order of the requests, so two counts tell which request an answer is for. Guarded by the lock of
 * the {@link Peer}.
 */
final class Unanswered {

  /** A receipt that waits for the answer to the request with a number. */
  private record Waiting(long number, Receipt receipt) {}

  /**
   * The requests that will not be answered.
   *
   * @param messages how many of them are messages of processes
   * @param receipts the receipts that wait for an answer
   */
  record Lost(long messages, List<Receipt> receipts) {}

  private final ArrayDeque<Waiting> receipts = new ArrayDeque<>(2);
  private long written;
  private long answered;

  /** Records a written request, with the receipt that waits for its answer, or null. */
  void written(Receipt receipt) {
    written++;
    if (receipt != null) {
      receipts.add(new Waiting(written, receipt));
    }
  }

  boolean isEmpty() {
    return written == answered;
  }

  /** The number of requests with a waiting receipt. */
  int receipts() {
    return receipts.size();
  }

  /**
   * Records that a number of requests have been answered, and removes and returns their receipts;
   * without memory for that, nothing is changed.
   */
  List<Receipt> answered(int count) {
    long last = Math.min(answered + count, written);
    int size = 0;
    for (Waiting next : receipts) {
      if (next.number > last) {
        break;
      }
      size++;
    }
    List<Receipt> told = size == 0 ? List.of() : new ArrayList<>(size);
    answered = last;
    for (int i = 0; i < size; i++) {
      told.add(receipts.poll().receipt);
    }
    return told;
  }

  /** All requests that will not be answered, because the connection is closed. */
  Lost waiting() {
    List<Receipt> waiting = receipts.stream().map(Waiting::receipt).toList();
    long others = waiting.stream().filter(receipt -> !receipt.isForMessage()).count();
    return new Lost(written - answered - others, waiting);
  }

  /** Drops all. */
  void clear() {
    receipts.clear();
    answered = written;
  }
}
