package io.libprocess.net.nio;

import io.libprocess.internal.Log;
import io.libprocess.internal.scheduler.PollingScheduler;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * An event loop: it watches endpoints through one selector. Tasks that they make ready are run by
 * the polling thread, after it has polled: a request is usually answered without waking another
 * core.
 *
 * <p>The scheduler decides which of its threads polls: the owner, exactly one at a time. Only the
 * owner may touch the selected keys, the endpoints and the fields marked as its own, and only while
 * it polls; it runs no user code there.
 *
 * <h2>Waking up</h2>
 *
 * <p>A thread that adds a task or interest in an operation does that first and then looks at {@code
 * sleeping}. The owner sets {@code sleeping} first, then looks for tasks, and then selects, which
 * picks up changed interests. So either it sees the change or it is woken, and it is woken only
 * once. A thread that works for this loop finds {@code sleeping} false and makes no system call.
 *
 * <h2>The end</h2>
 *
 * <p>When {@code closing} is set the owner aborts the endpoints, sets {@code ended}, runs the
 * remaining tasks, and finishes the remaining channels. A task added after that is taken out again
 * by the thread that added it, and refused.
 */
final class EventLoop {

  /** Opens the selector; replaced in tests. */
  interface SelectorSource {
    Selector open() throws IOException;
  }

  private static final int READ_SIZE = 64 * 1024;

  /** This many selections in a row without a result mean that the selector is broken. */
  private static final int MOST_IDLE_SELECTIONS = 512;

  private static final long BROKEN_PAUSE_NANOS = 5_000_000;

  /**
   * Endpoints that failed for lack of resources try again after an idle time, or this many rounds.
   */
  private static final long RETRY_MILLIS = 100;

  private static final int RETRY_ROUNDS = 256;

  private final PollingScheduler scheduler;
  private final SchedulerThreads threads;
  private final SelectorSource selectors;
  private final BufferPool buffers;
  private final OpenConnections connections;
  private final LoopTasks tasks = new LoopTasks();
  private final AtomicBoolean sleeping = new AtomicBoolean();
  private final Consumer<SelectionKey> onReady = this::ready;
  private final CountDownLatch released = new CountDownLatch(1);

  private volatile PollingScheduler.Polling polling; // Null before the loop runs.
  private volatile Selector selector; // Written by the owner.
  private volatile boolean closing;
  private volatile boolean ended;

  // Used only by the owner.
  private final Set<Selectable> endpoints = new LinkedHashSet<>();
  private final ChannelPolls polls = new ChannelPolls(this);
  private final Queue<Runnable> afterSelection = new ArrayDeque<>();
  private boolean retrying; // Whether an endpoint wants to be asked to try again.
  private final UnheardChannels unheard = new UnheardChannels(this);
  private long rounds;
  private int roundsToRetry;
  private int idleSelections; // The number in a row.
  private int failures; // The number in a row.

  // Used only by the owner. The system reads into direct memory, and parsers are fast on arrays.
  // Reading into an array would make NIO do the same, with an additional look-up of the thread's
  // direct buffer.
  private final ByteBuffer direct = ByteBuffer.allocateDirect(READ_SIZE);
  private final ByteBuffer input = ByteBuffer.allocate(READ_SIZE);

  /** Makes a loop that does not run yet. */
  EventLoop(
      PollingScheduler scheduler,
      SelectorSource selectors,
      BufferPool buffers,
      OpenConnections connections)
      throws IOException {
    this.scheduler = scheduler;
    this.threads = new SchedulerThreads(scheduler);
    this.selectors = selectors;
    this.buffers = buffers;
    this.connections = connections;
    this.selector = selectors.open();
  }

  /** Makes the scheduler poll. */
  void start() {
    polling = scheduler.poll(this::round);
  }

  /** Closes the selector of a loop that was never started. */
  void discard() {
    closeQuietly(selector);
  }

  private boolean isPolling() {
    return polling != null && polling.isPolling(); // Perhaps null in the first round.
  }

  /** Makes a socket tell the peer by a reset, when it is closed, that something is missing. */
  static void resetAtClose(SocketChannel socket) {
    try {
      socket.setOption(StandardSocketOptions.SO_LINGER, 0);
      // For instance for a Unix domain socket.
    } catch (IOException | UnsupportedOperationException e) {
      Log.debug("A socket cannot be reset", e);
    }
  }

  /** The failure of a channel; null if there is no memory for it. */
  static IOException failure(String what, Throwable cause) {
    try {
      return new IOException(what, cause);
    } catch (OutOfMemoryError e) {
      return null; // The channel is closed nevertheless.
    }
  }

  /** Sets or clears interest in an operation. The caller holds the lock that guards it. */
  void interest(SelectionKey key, int operation, boolean wanted) {
    try {
      if (wanted) {
        key.interestOpsOr(operation);
        wakeUp();
      } else {
        // If this is noticed late, an idle wake-up is the worst effect.
        key.interestOpsAnd(~operation);
      }
    } catch (CancelledKeyException e) {
      // Closed meanwhile.
    }
  }

  static void closeQuietly(Closeable resource) {
    try {
      resource.close();
    } catch (Throwable thrown) { // The caller has more to do, and nothing can be done here.
      Log.debug("A channel could not be closed", thrown);
    }
  }

  /* ------ Any thread ------ */

  /** The pool from which writers borrow direct memory. */
  BufferPool buffers() {
    return buffers;
  }

  /** The open connections of all loops. */
  OpenConnections connections() {
    return connections;
  }

  /** Makes the owner run a task soon; false if the loop has ended. */
  boolean execute(Runnable task) {
    if (ended) {
      return false;
    }
    tasks.add(task);
    if (ended) {
      return !tasks.remove(task); // If it is gone, the last owner runs it.
    }
    wakeUp();
    return true;
  }

  /**
   * Makes the owner finish closing a channel soon, unless the loop {@linkplain #hasEnded has
   * ended}. Needs no memory. A channel must not be added again before the owner has begun to finish
   * it.
   */
  void finishSoon(NioChannel channel) {
    tasks.finish(channel);
    wakeUp();
  }

  /** Whether the loop has ended; if not, what was added before this call will be done. */
  boolean hasEnded() {
    return ended;
  }

  /** Makes sure that the next poll sees interest that was added to a key. */
  void wakeUp() {
    if (sleeping.get() && sleeping.compareAndSet(true, false)) {
      selector.wakeup();
    }
  }

  /** Whether the loop is being closed or is closed. */
  boolean isClosing() {
    return closing;
  }

  /**
   * Whether the current thread is one of the polling threads, which must not wait for this loop.
   */
  boolean isOwnThread() {
    return scheduler.current() != null;
  }

  PollingScheduler scheduler() {
    return scheduler;
  }

  /** The threads that serve the channels. */
  SchedulerThreads threads() {
    return threads;
  }

  /** Starts closing, which the owner does. */
  void close() {
    closing = true;
    if (sleeping.compareAndSet(true, false)) {
      selector.wakeup();
    }
  }

  /** Waits until everything is closed; if a stuck process delays that, takes over from it. */
  boolean awaitReleased(long millis) throws InterruptedException {
    if (released.await(millis / 2, TimeUnit.MILLISECONDS)) {
      return true;
    }
    polling.takeOver();
    return released.await(millis / 2, TimeUnit.MILLISECONDS);
  }

  /* ------ The owner ------ */

  /** The waits for channels that were opened elsewhere. */
  ChannelPolls polls() {
    assert isPolling();
    return polls;
  }

  /** The channels without interest, on which resets have to be looked for. */
  UnheardChannels unheard() {
    assert isPolling();
    return unheard;
  }

  Selector selector() {
    assert isPolling();
    return selector;
  }

  /** Opens a selector for purposes other than waiting. */
  Selector newSelector() throws IOException {
    return selectors.open();
  }

  /** The number of this round. */
  long rounds() {
    return rounds;
  }

  /**
   * Closes the endpoint that has been silent for longest among those that may be closed; false if
   * there is none. Its descriptor is free after the next selection.
   */
  boolean closeMostSilent() {
    assert isPolling();
    Selectable oldest = null;
    long least = Long.MAX_VALUE;
    for (Selectable endpoint : endpoints) {
      long since = endpoint.silentSince();
      if (since < least) {
        least = since;
        oldest = endpoint;
      }
    }
    if (oldest != null) {
      oldest.abort();
    }
    return oldest != null;
  }

  /** Adds an endpoint to be watched. */
  void add(Selectable endpoint) throws IOException {
    assert isPolling();
    endpoint.register(selector);
    endpoints.add(endpoint);
  }

  /** Removes an endpoint. Its channel must be closed, or registered for another endpoint. */
  void remove(Selectable endpoint) {
    assert isPolling();
    endpoints.remove(endpoint);
    retrySoon();
  }

  /** Runs a task when the system has released the channels that are closed now. */
  void afterNextSelection(Runnable task) {
    assert isPolling();
    afterSelection.add(task);
  }

  /**
   * Asks the endpoints to {@linkplain Selectable#retry try again} after a while, or when one of
   * them has been closed. Needs no memory.
   */
  void retryLater() {
    assert isPolling();
    retrying = true;
    roundsToRetry = RETRY_ROUNDS;
  }

  private void retry() {
    for (Selectable endpoint : endpoints) {
      endpoint.retry();
    }
    retrying = false; // Not if one of them throws: all are then asked again in the next round.
  }

  private void retrySoon() {
    roundsToRetry = Math.min(roundsToRetry, 1);
  }

  /**
   * Reads once. The result is valid until the next call; it is empty if there was no input, full if
   * there may be more, and null at the end of the stream.
   */
  ByteBuffer read(SocketChannel socket) throws IOException {
    assert isPolling();
    int size = socket.read(direct.clear());
    if (size < 0) {
      return null;
    }
    connections.received(size);
    direct.get(0, input.array(), 0, size);
    return input.clear().limit(size).order(ByteOrder.BIG_ENDIAN); // Handlers may have changed it.
  }

  /** Polls once; false if the loop is closed. */
  private boolean round() {
    poll();
    if (closing) {
      shutDown();
    }
    return !ended;
  }

  private void poll() {
    rounds++;
    Thread.interrupted(); // Left set by a process; selections would return at once, for ever.
    try {
      select();
    } catch (Throwable thrown) {
      selectionFailed(thrown);
    }
    sleeping.set(false);
    runAfterSelection();
    tasks.run();
    if (retrying && --roundsToRetry <= 0) {
      retry();
    }
  }

  private void select() throws IOException {
    sleeping.set(true);
    if (!tasks.isEmpty() || !afterSelection.isEmpty() || closing) {
      sleeping.set(false);
      selector.selectNow(onReady);
    } else if (retrying) {
      if (selector.select(onReady, RETRY_MILLIS) == 0) {
        retrySoon();
      }
    } else if (selector.select(onReady) == 0 && sleeping.get()) {
      idleSelection();
    } else {
      idleSelections = 0;
      failures = 0;
    }
  }

  private void ready(SelectionKey key) {
    if (sleeping.get()) {
      sleeping.set(false);
    }
    Selectable endpoint = (Selectable) key.attachment();
    try {
      endpoint.ready(key.readyOps());
    } catch (CancelledKeyException e) {
      // Closed by another endpoint in this round.
    } catch (Throwable thrown) {
      abort(key, endpoint);
      Log.error("A connection could not be served", thrown);
    }
  }

  private static void abort(SelectionKey key, Selectable endpoint) {
    try {
      endpoint.abort();
    } catch (Throwable thrown) {
      key.cancel(); // At least it is not served again at once. Its channel may be in use.
      Log.error("A connection could not be closed cleanly", thrown);
    }
  }

  private void runAfterSelection() {
    for (int left = afterSelection.size(); left > 0; left--) { // What they add is for the next one.
      LoopTasks.run(afterSelection.poll());
    }
  }

  /* ------ A broken selector ------ */

  // Nothing was ready and the loop was not woken. That happens now and then, but not endlessly.
  private void idleSelection() {
    idleSelections++;
    if (idleSelections == MOST_IDLE_SELECTIONS) {
      Log.warning("The selector keeps returning without reason and is replaced");
      replaceSelector();
    } else if (idleSelections > MOST_IDLE_SELECTIONS) {
      LockSupport.parkNanos(this, BROKEN_PAUSE_NANOS); // The new one is no better.
    }
  }

  private void selectionFailed(Throwable thrown) {
    if (++failures > 1) {
      LockSupport.parkNanos(this, BROKEN_PAUSE_NANOS);
    }
    replaceSelector();
    if (failures == 1) {
      Log.error("The selector failed and was replaced", thrown);
    }
  }

  private void replaceSelector() {
    Selector broken = selector;
    Selectable[] all;
    try {
      all = endpoints.toArray(Selectable[]::new); // First: from here on, each has to be reached.
      selector = selectors.open();
    } catch (Throwable thrown) {
      // The old one fails again, which leads to another attempt.
      Log.debug("A new selector could not be opened", thrown);
      return;
    }
    for (Selectable endpoint : all) {
      register(endpoint);
    }
    closeQuietly(broken);
  }

  private void register(Selectable endpoint) {
    try {
      endpoint.register(selector);
    } catch (Throwable thrown) { // Perhaps for lack of memory, for which the selector failed, too.
      try {
        endpoint.unregistered();
      } catch (Throwable more) {
        Log.debug("A connection could not be closed cleanly", more);
      }
      Log.warning("A connection or a port cannot be watched with the new selector", thrown);
    }
  }

  private void shutDown() {
    List.copyOf(endpoints).forEach(endpoint -> LoopTasks.run(endpoint::abort));
    ended = true;
    tasks.run();
    closeQuietly(selector);
    runAfterSelection();
    released.countDown();
  }
}
