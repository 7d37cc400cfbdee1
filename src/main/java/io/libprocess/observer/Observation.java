package io.libprocess.observer;

import io.libprocess.http.Response;
import io.libprocess.internal.ContextSlot;
import io.libprocess.internal.Log;
import io.libprocess.internal.LogBackend;
import io.libprocess.internal.json.JsonWriter;
import io.libprocess.stream.Chunk;
import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Looks at a node once a second and sends the changes to the open pages, as long as one of them has
 * room.
 *
 * <pre>
 *          a page opens, or has room again
 *   IDLE -----------------------------------> WAITING --- period over ---> LOOKING
 *     ^                                          ^                            |
 *     |                                          '------ a page has room -----|
 *     '----------------------- no page has room, or there is none ------------'
 * </pre>
 *
 * <p>The monitor of this object guards the state, the streams and the history. The table and the
 * counts belong to the thread that is LOOKING, which happens without the monitor, on the threads
 * for blocking calls, and otherwise to the holder of the monitor. Looks that take long are followed
 * by longer pauses.
 */
final class Observation implements AutoCloseable {

  private static final Duration PERIOD = Duration.ofSeconds(1);

  /** So that a page that opens does not wait for a whole period. */
  private static final Duration FIRST_PERIOD = Duration.ofMillis(100);

  /** A look may take this fraction of the time: one part in so many. */
  private static final int PARTS = 20;

  /** The most points of the charts: five minutes. */
  private static final int HISTORY = 300;

  private enum State {
    /** Nothing is needed. */
    IDLE,
    /** Waits for the end of the period. */
    WAITING,
    /** Looks, on a thread for blocking calls. */
    LOOKING
  }

  private final ObservedNode node;
  private final LogTail log;
  private final Clock clock;
  private final Executor blocking;
  private final BusyWatch busy;

  private State state = State.IDLE;
  private Timer timer; // The end of the current period; null unless WAITING.
  private int waits; // How often it has been WAITING, so that a timer of before does nothing.
  private boolean isClosed;
  private final Set<EventStream> streams = new LinkedHashSet<>();
  private final Deque<String> history = new ArrayDeque<>(); // JSON objects, the oldest first.

  private final ProcessTable table = new ProcessTable();
  private final VitalSigns signs;
  private long lookedAt; // In nanoseconds of the clock.
  private long lastCost; // How long the last look took, in nanoseconds.

  /**
   * Makes an idle sampler of a node.
   *
   * @param log the log, read while a page is open
   * @param blocking runs the looks
   */
  Observation(ObservedNode node, LogTail log, Clock clock, Executor blocking) {
    this.node = node;
    this.log = log;
    this.clock = clock;
    this.blocking = blocking;
    this.busy = new BusyWatch(node, clock);
    this.signs = new VitalSigns(node);
  }

  /** Opens a page's stream. */
  Response open() {
    EventStream stream = new EventStream();
    synchronized (this) {
      if (isClosed) {
        return Response.serviceUnavailable("The node is being closed.\n");
      }
      stream.send(EventStream.event("hello", hello())).onAny(room -> wake());
      streams.add(stream);
      wake();
    }
    stream.onClosed(() -> closed(stream));
    return stream.response();
  }

  private String hello() {
    JsonWriter json = new JsonWriter().beginObject();
    node.identity().forEach((name, value) -> json.name(name).any(value));
    json.name("logBackend").value(LogBackend.name()).name("history").beginArray();
    history.forEach(json::json);
    return json.endArray().endObject().text();
  }

  private synchronized void closed(EventStream stream) {
    streams.remove(stream);
    if (streams.isEmpty() && state == State.WAITING) {
      rest();
    }
  }

  /** The time of the clock, in milliseconds since the epoch. */
  long now() {
    return clock.now().toEpochMilli();
  }

  /** The number of open pages, for tests. */
  synchronized int pages() {
    return streams.size();
  }

  /** Whether it is idle, for tests. */
  synchronized boolean isIdle() {
    return state == State.IDLE;
  }

  private boolean isWanted() {
    streams.removeIf(EventStream::isClosed);
    return !isClosed && streams.stream().anyMatch(EventStream::isReady);
  }

  private synchronized void wake() {
    if (state == State.IDLE && isWanted()) {
      lookedAt = clock.nanoTime();
      signs.begin();
      busy.begin();
      log.begin();
      later(FIRST_PERIOD);
    }
  }

  /** Drops the state that is only needed while a page is open; called with the monitor. */
  private void rest() {
    state = State.IDLE;
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
    table.clear();
    streams.forEach(stream -> stream.behind(true));
    busy.end();
    log.end();
  }

  private void later(Duration pause) {
    state = State.WAITING;
    int wait = ++waits;
    timer = ContextSlot.outside(() -> clock.timer(pause, () -> due(wait)));
  }

  /** Called when a timer has fired, which may have been cancelled just before. */
  private synchronized void due(int wait) {
    if (state != State.WAITING || wait != waits) {
      return;
    }
    state = State.LOOKING;
    timer = null;
    try {
      blocking.execute(this::look);
    } catch (RejectedExecutionException e) {
      rest();
    }
  }

  private void look() {
    Duration pause = PERIOD;
    try {
      if (begins()) {
        long start = clock.nanoTime();
        takeSample(start);
        pause = pauseAfter(clock.nanoTime() - start);
      }
    } catch (Throwable thrown) {
      missed();
      Log.warning("The observer could not look at the node", thrown);
    } finally {
      ends(pause);
    }
  }

  /** Has all pages get the full state, since they may not have been told of the last changes. */
  private synchronized void missed() {
    streams.forEach(stream -> stream.behind(true));
  }

  /**
   * The pause after a look: long if this one and the one before took long. A single one may only
   * have been held up, or be the first.
   */
  private Duration pauseAfter(long cost) {
    long usual = PARTS * Math.min(cost, lastCost);
    lastCost = cost;
    return usual > PERIOD.toNanos() ? Duration.ofNanos(usual) : PERIOD;
  }

  private synchronized boolean begins() {
    return isWanted();
  }

  private synchronized void ends(Duration pause) {
    if (isWanted()) {
      later(pause);
    } else {
      rest();
    }
  }

  private void takeSample(long now) {
    long nanos = now - lookedAt;
    lookedAt = now;
    table.look(node, busy.take(), nanos);
    String point = point(nanos);
    String lines = log.take();
    List<EventStream> open;
    synchronized (this) {
      history.add(point);
      if (history.size() > HISTORY) {
        history.remove();
      }
      open = List.copyOf(streams);
    }
    Chunk[] made = new Chunk[2]; // Usually all pages get the same data.
    for (EventStream stream : open) {
      if (!stream.isReady()) {
        stream.behind(true);
        continue;
      }
      int which = stream.isBehind() ? 1 : 0;
      if (made[which] == null) {
        made[which] = tick(point, lines, which == 1);
      }
      stream.behind(false);
      stream.send(made[which]).onAny(room -> wake());
    }
  }

  private Chunk tick(String point, String lines, boolean isAll) {
    JsonWriter json = new JsonWriter().beginObject();
    json.name("point").json(point).name("log").json(lines);
    table.write(json, isAll);
    return EventStream.event("tick", json.endObject().text());
  }

  /** One point of all charts: the rates of counters, and other values. */
  private String point(long nanos) {
    JsonWriter json = new JsonWriter().beginObject().name("t").value(clock.now().toEpochMilli());
    signs.write(json, nanos);
    json.name("processes").value(table.size()).name("waiting").value(table.waiting());
    return json.endObject().text();
  }

  /** Ends all streams for good. */
  @Override
  public void close() {
    List<EventStream> open;
    synchronized (this) {
      isClosed = true;
      open = List.copyOf(streams);
      streams.clear();
      if (state == State.WAITING) {
        rest();
      }
    }
    open.forEach(EventStream::close);
  }
}
