package io.libprocess.remote.wire;

/** Told once what became of a request to another node; called without a lock. */
public interface Receipt {

  /** That of a request that is no message, of which nobody wants to know what becomes of it. */
  Receipt UNWANTED =
      new Receipt() {
        @Override
        public void answered(Answer answer) {}

        @Override
        public void lost(boolean written) {}
      };

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
