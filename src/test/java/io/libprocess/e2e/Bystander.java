package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** A well-behaved client that must be served all the time while a test does its worst. */
final class Bystander implements Closeable {

  private final RawClient client;
  private final CompletableFuture<Integer> served = new CompletableFuture<>();
  private final AtomicInteger count = new AtomicInteger();
  private volatile boolean done;

  Bystander(int port) throws IOException {
    client = new RawClient(port);
    Thread thread = new Thread(this::run, "bystander");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      while (!done) {
        Reply reply = client.fetch("/plaintext");
        assertEquals("Hello, World!", reply.text());
        count.incrementAndGet();
      }
      served.complete(count.get());
    } catch (Throwable thrown) {
      served.completeExceptionally(thrown);
    }
  }

  /** Waits until it has been served twice more, the second time from beginning to end. */
  void assertServed() {
    int goal = count.get() + 2;
    while (count.get() < goal) {
      assertFalse(served.isDone(), "the bystander was harmed");
      Thread.yield();
    }
  }

  /** Ends, and fails if anything went wrong. */
  @Override
  public void close() throws IOException {
    done = true;
    try {
      served.get(30, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IOException("the bystander was harmed", e);
    } finally {
      client.close();
    }
  }
}
