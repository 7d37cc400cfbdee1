package io.libprocess.internal.scheduler;

/** A scheduler whose threads also poll for I/O, between the tasks that the I/O makes ready. */
public interface PollingScheduler extends Scheduler {

  /** A source, such as a selector, that one thread at a time has to poll. */
  interface Source {

    /**
     * Polls once, and waits if there is nothing.
     *
     * @return false when the source is over for good
     */
    boolean poll();
  }

  /** The polling of a source. */
  interface Polling {

    /** Whether the calling thread is the one that polls, inside {@link Source#poll}. */
    boolean isPolling();

    /** Makes another thread poll if the one that does so is running a task. */
    void takeOver();
  }

  /** Polls a source from now on until it is over. */
  Polling poll(Source source);
}
