package io.libprocess.subprocess;

import io.libprocess.future.Future;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.time.Timer;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** Carries what a child writes into a {@link Pipe}, and no further than there is room. */
final class OutputPump implements Runnable {

  /*
   * Overview. A read of a process's pipe holds a thread until the child writes: a virtual thread's
   * carrier too, since the JDK has no other way to wait for a pipe. So the pump only reads what
   * available() says is there. While there is nothing, a timer looks again now and then. The child's
   * end is an event: what it wrote is all there then, and the output ends when that is read. (The
   * JDK closes the descriptor at that moment and keeps what is left in memory.)
   *
   *              nothing there                      child ended, or reader closed
   *   PUMPING ──────────────────▶ IDLE (timer)    PUMPING ──────────▶ ENDED
   *      ▲ ▲ └────────┐ pipe full   │
   *      │ └──────── FULL           │ something there
   *      └──────────────────────────┘
   *
   * Whoever has something to tell increments `asked`; who finds it 0 owns the pump until it has put
   * 0 back, and all fields without a comment belong to the owner.
   */

  private static final int MOST_AT_ONCE = 64 << 10;
  private static final int GLANCES = 4; // Before waiting: a busy child needs just a moment.

  private final InputStream source;
  private final Executor executor;
  private final Pipe<Chunk> pipe = Pipe.bytes();
  private final Future<?> readerClosed = pipe.writer().readerClosed();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile boolean childEnded; // Set once, by any thread.

  private Future<Boolean> write = Future.of(true); // The last one.
  private Timer timer; // Null unless idle.
  private long delay; // The timer's, in nanoseconds.
  private boolean ended;

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

  /** To be called when the child has ended. */
  void childEnded() {
    childEnded = true;
    resume();
  }

  /** Looks whether there is something to do. Any thread may call. */
  void resume() {
    if (asked.getAndIncrement() == 0) {
      submit();
    }
  }

  private void submit() {
    try {
      executor.execute(this);
    } catch (RejectedExecutionException e) {
      end(new IllegalStateException("the executor of the subprocess is closed", e));
    }
  }

  private void look() {
    if (asked.getAndIncrement() > 0) {
      return; // The owner looks.
    }
    if (!childEnded && isQuiet()) {
      timer = Lookout.in(delay = Lookout.afterwards(delay), this::look);
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
      return false; // The pump will meet it again.
    }
  }

  @Override
  public void run() {
    int seen;
    do {
      seen = asked.get();
      try {
        pump();
      } catch (IOException e) {
        end(childEnded ? null : e);
      }
    } while (!ended
        && !asked.compareAndSet(seen, 0)); // Nobody owns the pump any more once it ended.
  }

  private void pump() throws IOException {
    stopIdling();
    for (int glances = 0; ; ) {
      if (write.isPending()) {
        return;
      }
      if (!readerClosed.isPending()) {
        end(null);
        return;
      }
      boolean isLast = childEnded; // Before looking, since the child may write until then.
      int available = source.available();
      if (available > 0) {
        glances = 0;
        pass(available);
      } else if (isLast) {
        end(null);
        return;
      } else if (++glances > GLANCES) {
        becomeIdle();
        return;
      }
      Thread.yield(); // To the other children: a virtual thread is not interrupted for them.
    }
  }

  private void pass(int available) throws IOException {
    byte[] bytes = new byte[Math.min(available, MOST_AT_ONCE)];
    int count = source.read(bytes);
    if (count > 0) {
      write = pipe.writer().write(Chunk.of(bytes, 0, count));
      if (write.isPending()) {
        write.onAny(accepted -> resume());
      }
    }
  }

  private void becomeIdle() {
    Lookout.count(1);
    delay = Lookout.SHORTEST_NANOS;
    timer = Lookout.in(delay, this::look);
  }

  private void stopIdling() {
    if (timer != null) {
      timer.cancel();
      timer = null;
      Lookout.count(-1);
    }
  }

  /** Ends the output with a failure or with null. */
  private void end(Exception failure) {
    ended = true;
    stopIdling();
    try {
      source.close();
    } catch (IOException e) {
      // There is nothing left to read.
    }
    if (failure == null) {
      pipe.writer().close();
    } else {
      pipe.writer().fail(failure);
    }
  }
}
