package io.libprocess.subprocess;

import io.libprocess.future.Future;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.time.Timer;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** Carries a child's output into a {@link Pipe}, as far as there is room. */
final class OutputPump implements Runnable {

  /*
   * Overview. A read of a process's pipe holds a thread until the child writes, even the carrier of
   * a virtual thread, since the JDK has no other way to wait for a pipe. So the pump only reads as
   * many bytes as available() reports. While there are none, a timer looks again now and then. The
   * child's end is an event: all its output is there then, and the output ends when that has been
   * read. (The JDK closes the descriptor at that moment and keeps the remaining bytes in memory. It
   * does so under the lock of the stream, which available() and read() hold too; close() does not
   * hold it, so only the owner of the pump calls close(), and Process.destroy, which closes the
   * streams, is never called.)
   *
   *              nothing there                      child ended, or reader closed
   *   PUMPING ──────────────────▶ IDLE (timer)    PUMPING ──────────▶ ENDED
   *      ▲ ▲ └────────┐ pipe full   │
   *      │ └──────── FULL           │ output available
   *      └──────────────────────────┘
   *
   * A thread that has news increments `asked`; if it finds 0 there, it owns the pump until it has
   * put back 0, or handed the pump over to another thread. Fields without a comment belong to the
   * owner. The pump runs on a few platform threads: it never waits, and on virtual threads each
   * read would make the JDK consider another carrier. Code that calls the reader's callbacks runs
   * on the executor.
   */

  private static final int MOST_AT_ONCE = 64 << 10;
  private static final int GLANCES = 16; // Before waiting: a busy child needs only a moment.

  private final InputStream source;
  private final Executor executor;
  private final Pipe<Chunk> pipe = Pipe.bytes();
  private final Future<?> readerClosed = pipe.writer().readerClosed();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile boolean childEnded; // Set once, by any thread.

  private Future<Boolean> write = Future.of(true); // The last write; it may wait for room.
  private Timer timer; // Null unless idle.
  private long delay; // The timer's delay, in nanoseconds.

  OutputPump(InputStream source, Executor executor) {
    this.source = source;
    this.executor = executor;
  }

  Pipe.Reader<Chunk> reader() {
    return pipe.reader();
  }

  void start() {
    readerClosed.onAny(closed -> resume());
    resume();
  }

  /** Reads the rest, because the child has ended. */
  void childEnded() {
    childEnded = true;
    resume();
  }

  /** Checks whether there is something to do. Any thread may call this. */
  void resume() {
    if (asked.getAndIncrement() == 0) {
      submit();
    }
  }

  private void submit() {
    BlockingThreads.few().execute(this);
  }

  private void look() {
    if (asked.getAndIncrement() > 0) {
      return; // The owner will check.
    }
    if (!childEnded && isQuiet()) {
      timer = PollBackoff.in(delay = PollBackoff.afterwards(delay), this::look);
      if (asked.compareAndSet(1, 0)) {
        return;
      }
    }
    submit();
  }

  private boolean isQuiet() {
    try {
      return source.available() == 0;
    } catch (IOException e) {
      return false; // The pump will see it again.
    }
  }

  @Override
  public void run() {
    int seen;
    do {
      seen = asked.get();
      try {
        if (!pump()) {
          return;
        }
      } catch (IOException e) {
        end(childEnded ? null : e);
        return;
        // For instance a lack of memory: otherwise the reader would wait for ever.
      } catch (Throwable thrown) {
        end(thrown);
        return;
      }
    } while (!asked.compareAndSet(seen, 0));
  }

  /**
   * Runs the pump; returns false if it gave up the ownership, to the code that delivers its input
   * or for ever.
   */
  private boolean pump() throws IOException {
    stopIdling();
    for (int glance = 0; glance < GLANCES; glance++) {
      if (write.isPending()) {
        return true;
      }
      boolean isLast = childEnded; // Read first, since the child may write until then.
      int available = readerClosed.isPending() ? source.available() : 0;
      if (available > 0) {
        Chunk chunk = read(available);
        deliver(chunk);
        return false;
      }
      if (isLast || !readerClosed.isPending()) {
        end(null);
        return false;
      }
      Thread.yield(); // To the child.
    }
    becomeIdle();
    return true;
  }

  private Chunk read(int available) throws IOException {
    byte[] bytes = new byte[Math.min(available, MOST_AT_ONCE)];
    int count = source.read(bytes);
    return Chunk.of(bytes, 0, Math.max(0, count));
  }

  private void deliver(Chunk chunk) {
    EnsuredTask.to(
        executor,
        () -> pass(chunk),
        () -> end(new IllegalStateException("the executor of the subprocess is closed")));
  }

  private void pass(Chunk chunk) {
    try {
      write = pipe.writer().write(chunk);
      if (write.isPending()) {
        write.onAny(accepted -> resume());
      }
    } catch (Throwable thrown) {
      end(thrown);
      return;
    }
    submit();
  }

  private void becomeIdle() {
    PollBackoff.count(1);
    delay = PollBackoff.SHORTEST_NANOS;
    timer = PollBackoff.in(delay, this::look);
  }

  private void stopIdling() {
    if (timer != null) {
      timer.cancel();
      timer = null;
      PollBackoff.count(-1);
    }
  }

  /** Ends the output, with a failure or normally with null, and keeps the ownership for ever. */
  private void end(Throwable failure) {
    stopIdling();
    closeSource();
    Runnable tell = () -> tell(failure);
    EnsuredTask.to(executor, tell, tell);
  }

  private void closeSource() {
    try {
      source.close();
    } catch (IOException e) {
      // There is nothing left to read.
    }
  }

  private void tell(Throwable failure) {
    if (failure == null) {
      pipe.writer().close();
    } else {
      pipe.writer().fail(failure);
    }
  }
}
