package io.libprocess.net.nio;

import io.libprocess.internal.Log;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What other threads ask of the thread that polls for a loop: tasks, and channels to be finished.
 *
 * <p>Any thread adds; only the polling thread takes. The channels are a Treiber stack, linked
 * through the channels, so that adding one needs no memory. It is taken as a whole, so no thread
 * ever compares a head that has been taken and put back in between.
 */
final class LoopTasks {

  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicReference<NioChannel> channels = new AtomicReference<>();

  boolean isEmpty() {
    return tasks.isEmpty() && channels.get() == null;
  }

  void add(Runnable task) {
    tasks.add(task);
  }

  /** Takes a task back; false if it is being run. */
  boolean remove(Runnable task) {
    return tasks.remove(task);
  }

  /** Adds a channel to be finished, which must not be among them. */
  void finish(NioChannel channel) {
    NioChannel head;
    do {
      head = channels.get();
      channel.nextToFinish = head;
    } while (!channels.compareAndSet(head, channel));
  }

  /** Runs the tasks, and finishes the channels. */
  void run() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      run(task);
    }
    NioChannel channel = channels.get() == null ? null : channels.getAndSet(null);
    while (channel != null) {
      NioChannel next = channel.nextToFinish;
      channel.nextToFinish = null; // First: it may be added again while it is being finished.
      finishNow(channel);
      channel = next;
    }
  }

  private static void finishNow(NioChannel channel) {
    try {
      channel.finish();
    } catch (Throwable thrown) {
      Log.error("A connection could not be closed cleanly", thrown);
    }
  }

  /** Runs a task of a loop; what it throws is logged. */
  static void run(Runnable task) {
    try {
      task.run();
    } catch (Throwable thrown) {
      Log.error("A task of an event loop threw", thrown);
    }
  }
}
