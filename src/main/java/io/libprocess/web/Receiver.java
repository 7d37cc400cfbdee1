package io.libprocess.web;

/**
 * The interface of a process for HTTP, which delivers requests to it. All methods may be called by
 * any thread.
 */
public interface Receiver {

  /** The id of the process, which is the first segment of the paths of requests for it. */
  String id();

  /** How many requests may wait for admission. */
  int mostWaiting();

  /**
   * Puts a request into the process's mailbox, which passes it to its {@link Site}: when it has
   * arrived, and again when its body has been collected. If the mailbox is full, the request is
   * answered instead.
   */
  void receive(PendingRequest request);

  /** Runs a step in the process, by an event that is never refused; dropped if the process ends. */
  void later(Runnable step);
}
