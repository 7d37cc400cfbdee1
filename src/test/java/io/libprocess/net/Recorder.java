package io.libprocess.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.internal.scheduler.RunLoop;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A handler that records its events, and checks the contract: one call at a time, on a runtime
 * thread, and nothing after the end.
 */
public class Recorder implements Transport.Handler {

  /** Makes the handler of a channel. */
  public interface Kind {
    Recorder create(Transport.Channel channel);
  }

  public final Transport.Channel channel;
  public final CountDownLatch ended = new CountDownLatch(1);
  public final CountDownLatch closed = new CountDownLatch(1);
  public final AtomicInteger drains = new AtomicInteger();
  public final List<String> violations = new CopyOnWriteArrayList<>();
  public volatile Optional<IOException> failure = Optional.empty();
  public volatile Thread lastThread;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(); // Guarded by itself.
  private final AtomicBoolean inside = new AtomicBoolean();

  public Recorder(Transport.Channel channel) {
    this.channel = channel;
  }

  /** Sends everything back. */
  public static Recorder echo(Transport.Channel channel) {
    return new Recorder(channel) {
      @Override
      public void onReceived(ByteBuffer data) {
        channel.write(copy(data));
      }

      @Override
      public void onEnded() {
        channel.end();
      }
    };
  }

  public static ByteBuffer copy(ByteBuffer data) {
    byte[] array = new byte[data.remaining()];
    data.get(array);
    return ByteBuffer.wrap(array);
  }

  public static ByteBuffer utf8(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  public void onReceived(ByteBuffer data) {
    byte[] array = new byte[data.remaining()];
    data.get(array);
    synchronized (bytes) {
      bytes.writeBytes(array);
      bytes.notifyAll();
    }
  }

  public void onEnded() {}

  public void onDrained() {}

  public void onClosed() {}

  public String awaitText(int length) throws InterruptedException {
    synchronized (bytes) {
      long deadline = System.nanoTime() + Network.LIMIT.toNanos();
      while (bytes.size() < length && System.nanoTime() - deadline < 0) {
        TimeUnit.SECONDS.timedWait(bytes, 1);
      }
      assertTrue(bytes.size() >= length, "only " + bytes.size() + " bytes of " + length);
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }

  public void assertKeptContract() {
    assertEquals(List.of(), violations);
  }

  private void enter(String call) {
    lastThread = Thread.currentThread();
    if (RunLoop.current() == null) {
      violations.add(call + " on " + Thread.currentThread());
    }
    if (!inside.compareAndSet(false, true)) {
      violations.add(call + " inside another call");
    }
    if (closed.getCount() == 0) {
      violations.add(call + " after the end");
    }
  }

  @Override
  public final void received(ByteBuffer data) {
    enter("received");
    try {
      if (ended.getCount() == 0) {
        violations.add("received after ended");
      }
      onReceived(data);
    } finally {
      inside.set(false);
    }
  }

  @Override
  public final void ended() {
    enter("ended");
    try {
      onEnded();
    } finally {
      inside.set(false);
      ended.countDown();
    }
  }

  @Override
  public final void drained() {
    enter("drained");
    drains.incrementAndGet();
    try {
      onDrained();
    } finally {
      inside.set(false);
    }
  }

  @Override
  public final void closed(Optional<IOException> why) {
    enter("closed");
    failure = why;
    inside.set(false);
    closed.countDown();
    onClosed();
  }
}
