package io.libprocess;

import java.nio.ByteBuffer;

/**
 * A request on its way to another node.
 *
 * @param bytes the request, in one or more parts
 * @param size of all parts
 * @param receipt who wants to know what becomes of it, or null
 */
record Outgoing(ByteBuffer[] bytes, long size, Receipt receipt) {

  /** That of a request that is no message, of which nobody wants to know what becomes of it. */
  static final Receipt UNWANTED =
      new Receipt() {
        @Override
        public void answered(Answer answer) {}

        @Override
        public void lost(boolean written) {}
      };

  /** Whether this is a message of some process. */
  boolean isMessage() {
    return receipt == null || receipt.isForMessage();
  }

  /** Says that it will not leave this node. */
  void drop(MessageCounts counts) {
    counts.dropped(isMessage() ? 1 : 0);
    if (receipt != null) {
      receipt.lost(false);
    }
  }

  /** Told once what became of a request; called without a lock. */
  interface Receipt {

    /** It was answered. */
    void answered(Answer answer);

    /**
     * It will not be answered.
     *
     * @param written whether any of it was handed to the system
     */
    void lost(boolean written);

    /** Whether the request is a message of some process. */
    default boolean isForMessage() {
      return false;
    }
  }
}
