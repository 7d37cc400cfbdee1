package io.libprocess.benchmarks;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A minimal actor made of parts of the JDK: a queue drained by a pool. */
final class JdkForkJoinActors implements Actors {

  private static final int BATCH = 100;

  private final ForkJoinPool pool =
      new ForkJoinPool(
          Runtime.getRuntime().availableProcessors(),
          ForkJoinPool.defaultForkJoinWorkerThreadFactory,
          null,
          true);

  private record Ask(Object request, CompletableFuture<Object> reply) {}

  private record Stop(CountDownLatch stopped) {}

  private final class Actor implements Runnable {
    private final ConcurrentLinkedQueue<Object> mailbox = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Handler handler;

    Actor(Handler handler) {
      this.handler = handler;
    }

    void tell(Object message) {
      mailbox.add(message);
      schedule();
    }

    private void schedule() {
      if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
        pool.execute(this);
      }
    }

    @Override
    public void run() {
      for (int i = 0; i < BATCH; i++) {
        Object message = mailbox.poll();
        if (message == null) {
          break;
        }
        receive(message);
      }
      scheduled.set(false);
      if (!mailbox.isEmpty()) {
        schedule();
      }
    }

    private void receive(Object message) {
      if (message instanceof Ask ask) {
        ask.reply.complete(ask.request);
      } else if (message instanceof Stop stop) {
        stop.stopped.countDown();
      } else {
        handler.receive(message);
      }
    }
  }

  @Override
  public Object spawn(Handler handler) {
    return new Actor(handler);
  }

  @Override
  public void tell(Object to, Object message) {
    ((Actor) to).tell(message);
  }

  @Override
  public Object spawnResponder() {
    return spawn(message -> {});
  }

  @Override
  public void ask(Object to, Object request, Consumer<Object> onReply) {
    CompletableFuture<Object> reply = new CompletableFuture<>();
    reply.thenAccept(onReply);
    tell(to, new Ask(request, reply));
  }

  @Override
  public void stop(List<Object> actors) {
    CountDownLatch stopped = new CountDownLatch(actors.size());
    actors.forEach(actor -> tell(actor, new Stop(stopped)));
    Latches.await(stopped);
  }

  @Override
  public void close() {
    pool.shutdown();
  }
}
