package io.libprocess.remote.wire;

import java.util.List;

/** Receives, once, the outcome of a request to another node; called without a lock. */
public interface Receipt {

  /** The receipt of a request that is not a message and whose outcome does not matter. */
  Receipt UNWANTED =
      new Receipt() {
        @Override
        public void answered(Answer answer) {}

        @Override
        public void lost(boolean written) {}
      };

  /**
   * Tells all of several receipts of an answer. If there is no memory for one of them, the others
   * are told before that is thrown.
   */
  static void tell(List<Receipt> receipts, Answer answer) {
    OutOfMemoryError thrown = null;
    for (int i = 0; i < receipts.size(); i++) {
      try {
        receipts.get(i).answered(answer);
      } catch (OutOfMemoryError e) {
        thrown = e;
      }
    }
    if (thrown != null) {
      throw thrown;
    }
  }

  /** The request was answered. */
  void answered(Answer answer);

  /**
   * The request will not be answered.
   *
   * @param written whether any of it was handed to the system
   */
  void lost(boolean written);

  /** Whether the request is a message of a process. */
  default boolean isForMessage() {
    return false;
  }
}
