package io.libprocess.net;

import io.libprocess.internal.MemoryBudget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;

/**
 * A channel that does nothing by itself: the test is its peer, and runs its tasks. For one thread.
 */
final class HandChannel implements Transport.Channel, Transport.Threads, MemoryBudget.Source {

  static final int LIMIT = 1 << 20;

  /** What was asked of it, the first one first, but for the writes. */
  final List<String> calls = new ArrayList<>();

  /** The tasks that were asked for, in which callbacks of users run. */
  final Queue<Runnable> tasks = new ArrayDeque<>();

  /** The calls that may block. */
  final Queue<Runnable> blocking = new ArrayDeque<>();

  final MemoryBudget memory = new MemoryBudget(LIMIT);
  final StringBuilder sent = new StringBuilder();
  Optional<TlsSession> session = Optional.empty();

  /** How much of the output is queued: the answers to the next questions, the last one for ever. */
  final Queue<Long> queued = new ArrayDeque<>(List.of(0L));

  boolean sendsFiles;

  /** The handler that the test calls in the name of the peer. */
  Transport.Handler handler;

  /** Makes a channel without a handler. */
  HandChannel() {}

  void receive(String text) {
    handler.received(StandardCharsets.UTF_8.encode(text));
  }

  void receive(int size) {
    handler.received(ByteBuffer.allocate(size));
  }

  /** Breaks the connection. */
  void fail(String why) {
    handler.closed(Optional.of(new IOException(why)));
  }

  void runTasks() {
    runAll(tasks);
  }

  void runBlocking() {
    runAll(blocking);
  }

  private static void runAll(Queue<Runnable> queue) {
    for (Runnable next = queue.poll(); next != null; next = queue.poll()) {
      next.run();
    }
  }

  /** Sets the answers to the next questions how much is queued, the last one for ever. */
  void queue(long... sizes) {
    queued.clear();
    for (long size : sizes) {
      queued.add(size);
    }
  }

  @Override
  public NetworkAddress local() {
    return Address.loopback(1);
  }

  @Override
  public NetworkAddress remote() {
    return Address.loopback(2);
  }

  @Override
  public Optional<TlsSession> tls() {
    return session;
  }

  @Override
  public void write(ByteBuffer bytes) {
    sent.append(StandardCharsets.UTF_8.decode(bytes));
  }

  @Override
  public boolean sendsFiles() {
    return sendsFiles;
  }

  @Override
  public long queued() {
    return queued.size() == 1 ? queued.element() : queued.remove();
  }

  @Override
  public void pause() {
    calls.add("pause");
  }

  @Override
  public void resume() {
    calls.add("resume");
  }

  @Override
  public void end() {
    calls.add("end");
  }

  @Override
  public void closeAfterWrites() {
    calls.add("closeAfterWrites");
  }

  @Override
  public void close() {
    calls.add("close");
  }

  @Override
  public void reset() {
    calls.add("reset");
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public Transport.Threads threads() {
    return this;
  }

  @Override
  public void run(Runnable callback) {
    tasks.add(callback);
  }

  @Override
  public void atEnd(Runnable flush) {
    flush.run();
  }

  @Override
  public Executor blocking() {
    return blocking::add;
  }

  @Override
  public MemoryBudget memory() {
    return memory;
  }
}
