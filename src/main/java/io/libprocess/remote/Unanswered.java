package io.libprocess.remote;

import io.libprocess.remote.wire.Receipt;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The requests that have been written on one connection and not been answered. Answers come in the
 * order of the requests, so two counts say which one an answer is for. Guarded by the lock of the
 * {@link Peer}.
 */
final class Unanswered {

  /** What waits for the answer to the request with a number. */
  private record Waiting(long number, Receipt receipt) {}

  /**
   * What will not be answered.
   *
   * @param messages how many of the requests are messages of processes
   * @param receipts who waits for an answer
   */
  record Lost(long messages, List<Receipt> receipts) {}

  private final ArrayDeque<Waiting> receipts = new ArrayDeque<>(2);
  private long written;
  private long answered;

  /** Notes that a request has been written, and who waits for its answer, or null. */
  void written(Receipt receipt) {
    written++;
    if (receipt != null) {
      receipts.add(new Waiting(written, receipt));
    }
  }

  boolean isEmpty() {
    return written == answered;
  }

  /** For how many requests somebody waits. */
  int receipts() {
    return receipts.size();
  }

  /** Notes that so many have been answered, and takes those who wait for that. */
  List<Receipt> answered(int count) {
    List<Receipt> told = List.of();
    answered = Math.min(answered + count, written);
    for (Waiting next = receipts.peek();
        next != null && next.number <= answered;
        next = receipts.peek()) {
      told = told.isEmpty() ? new ArrayList<>() : told;
      told.add(receipts.poll().receipt);
    }
    return told;
  }

  /** All that will not be answered, because the connection is closed. */
  Lost waiting() {
    List<Receipt> waiting = receipts.stream().map(Waiting::receipt).toList();
    long others = waiting.stream().filter(receipt -> !receipt.isForMessage()).count();
    return new Lost(written - answered - others, waiting);
  }

  /** Forgets all. */
  void clear() {
    receipts.clear();
    answered = written;
  }
}
