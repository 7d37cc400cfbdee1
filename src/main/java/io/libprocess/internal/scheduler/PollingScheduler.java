package io.libprocess.internal.scheduler;

/** A scheduler whose threads also poll for I/O, between the tasks that the I/O makes ready. */
public interface PollingScheduler extends Scheduler {

  /** Something that one thread at a time has to poll, such as a selector. */
  interface Source {

    /**
     * Polls once, and waits if there is nothing.
     *
     * @return false when there is nothing to poll any more, for ever
     */
    boolean poll();
  }

  /** That a source is being polled. */
  interface Polling {

    /** Whether the calling thread is the one that polls, inside {@link Source#poll}. */
    boolean isPolling();

    /** Has another thread poll if the one that does is running a task. */
    void takeOver();
  }

  /** Polls a source from now on until it is over. */
  Polling poll(Source source);
}
