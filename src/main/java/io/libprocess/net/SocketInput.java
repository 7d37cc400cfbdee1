package io.libprocess.net;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.stream.Chunk;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The input of a socket that has not been received yet, and the one call that may wait for it. The
 * channel is paused while more input is there than was asked for.
 *
 * <p>All state is guarded by this object's lock; the channel's is taken second. A promise is
 * completed outside both, by the thread that has taken it out.
 */
final class SocketInput {

  /** How many bytes that were not asked for may be there before reading stops. */
  private static final int READ_AHEAD = 64 * 1024;

  /** The same limit if the memory for all connections is used up. */
  private static final int READ_AHEAD_WITHOUT_MEMORY = 1024;

  private static final int LEAST_COUNTED = 1024;
  private static final int STEP = 4096;

  /** A waiting call: for {@code least} bytes or the end, to take up to {@code most}. */
  private record Receive(Promise<Chunk> promise, int least, int most) {}

  private final Transport.Channel channel;
  private final MemoryBudget.Share memory; // For input that is held; counted in steps.
  private final ArrayDeque<Chunk> arrived = new ArrayDeque<>();
  private long size;
  private Receive waiting; // Null if no call waits.
  private boolean ended; // No more input will come, or is wanted.
  private boolean shut; // None is wanted.
  private IOException failure; // Null if nothing has failed.
  private boolean paused;
  private long counted; // The bytes that the share holds.

  SocketInput(Transport.Channel channel) {
    this.channel = channel;
    this.memory = MemoryBudget.of(channel).share();
  }

  /** Takes from {@code least} to {@code most} bytes, fewer only at the end. */
  Future<Chunk> receive(int least, int most) {
    Receive receive = new Receive(new Promise<>(), least, most);
    synchronized (this) {
      if (waiting != null) {
        return Future.failed(new IllegalStateException("Socket is already receiving"));
      }
      waiting = receive;
    }
    settle(); // On the caller's thread, whose callbacks are its own concern.
    receive.promise.future().onDiscard(() -> withdraw(receive));
    return receive.promise.future();
  }

  private void withdraw(Receive receive) {
    synchronized (this) {
      if (waiting != receive) {
        return; // It keeps what it has got.
      }
      waiting = null;
    }
    receive.promise.discard();
    settle();
  }

  /** Adds input; the caller has to {@link #settle} in a task. */
  synchronized boolean add(Chunk chunk) {
    if (ended) {
      return false;
    }
    arrived.add(chunk);
    size += chunk.size();
    flow();
    return isSettled();
  }

  /** Notes that no more input arrives. */
  synchronized void end() {
    ended = true;
  }

  /** Notes that no more input arrives because of an error; an earlier end is not an error. */
  synchronized void fail(IOException why) {
    if (!ended && failure == null) {
      failure = why;
    }
  }

  /**
   * Notes that the connection is gone. What has arrived can still be received; but it no longer
   * counts, because nobody may ever ask for it.
   */
  synchronized void close(IOException why) {
    fail(why);
    memory.close();
  }

  /** Drops the input, present and future; the caller has to {@link #settle}. */
  synchronized void shut() {
    ended = true;
    shut = true;
    arrived.clear();
    size = 0;
  }

  /** Whether the input is dropped. */
  synchronized boolean isShut() {
    return shut;
  }

  /** Completes the waiting call if possible. */
  void settle() {
    Receive receive;
    Chunk taken = null;
    Throwable why = null;
    synchronized (this) {
      if (!isSettled()) {
        flow();
        return;
      }
      receive = waiting;
      waiting = null;
      boolean tooMuch = receive.least > receive.most && size > receive.most;
      if (tooMuch) {
        why = new IOException("more than " + receive.most + " bytes arrived");
      } else if (size < receive.least && !ended) {
        why = failure;
      } else {
        taken = take((int) Math.min(size, receive.most));
      }
      flow();
    }
    if (taken != null) {
      receive.promise.set(taken);
    } else {
      receive.promise.fail(why);
    }
  }

  private boolean isSettled() {
    return waiting != null
        && (size >= waiting.least
            || ended
            || failure != null
            || waiting.least > waiting.most && size > waiting.most);
  }

  private Chunk take(int wanted) {
    List<Chunk> taken = new ArrayList<>();
    size -= wanted;
    for (int left = wanted; left > 0; ) {
      Chunk chunk = arrived.poll();
      int part = Math.min(left, chunk.size());
      taken.add(chunk.slice(0, part));
      if (part < chunk.size()) {
        arrived.addFirst(chunk.slice(part, chunk.size()));
      }
      left -= part;
    }
    return taken.size() == 1 ? taken.get(0) : Chunk.join(taken);
  }

  private void count() {
    long held = size + (long) arrived.size() * MemoryBudget.OBJECT;
    long needed = held <= LEAST_COUNTED ? 0 : (held + STEP - 1) / STEP * STEP;
    if (needed != counted) {
      counted = needed;
      memory.resize(needed);
    }
  }

  private void flow() {
    count();
    int most = MemoryBudget.of(channel).isExhausted() ? READ_AHEAD_WITHOUT_MEMORY : READ_AHEAD;
    boolean enough = size >= most && (waiting == null || isSettled());
    if (enough == paused) {
      return;
    }
    paused = enough;
    if (enough) {
      channel.pause();
    } else {
      channel.resume();
    }
  }
}
