package io.libprocess.web;

/**
 * A process, as far as HTTP has to do with it: what brings it requests. All methods may be called
 * by any thread.
 */
public interface Receiver {

  /** The id of the process, which is the first segment of the paths of requests for it. */
  String id();

  /** How many requests may wait for admission. */
  int mostWaiting();

  /**
   * Puts a request into the process's mailbox, to be given to its {@link Site}: when it has come,
   * and again when its body has been collected. If the mailbox is full it is answered instead.
   */
  void receive(PendingRequest request);

  /** Runs a step in the process, by an event that is not refused; dropped if the process ends. */
  void later(Runnable step);
}
