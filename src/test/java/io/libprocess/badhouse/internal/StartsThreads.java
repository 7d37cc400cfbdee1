package io.libprocess.badhouse.internal;

import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Starts threads in every forbidden way, each in a member of its own. */
final class StartsThreads {

  Thread constructs() {
    return new Thread("thread");
  }

  ThreadFactory constructsByReference() {
    return Thread::new;
  }

  static final class Inherited extends Thread {}

  Thread constructsInherited() {
    return new Inherited();
  }

  static final class Worker extends ForkJoinWorkerThread {
    Worker(ForkJoinPool pool) {
      super(pool);
    }
  }

  Executor executors() {
    return Executors.newCachedThreadPool();
  }

  Executor pool() {
    return new ForkJoinPool(1);
  }

  Executor commonPool() {
    return ForkJoinPool.commonPool();
  }

  Executor threadPool() {
    return new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
  }

  Executor scheduledPool() {
    return new ScheduledThreadPoolExecutor(1);
  }

  Timer timer() {
    return new Timer();
  }

  Object async() {
    return CompletableFuture.runAsync(() -> {});
  }

  Executor delayed() {
    return CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);
  }

  Object orTimeout() {
    return new CompletableFuture<Void>().orTimeout(1, TimeUnit.SECONDS);
  }

  Object completeOnTimeout() {
    return new CompletableFuture<Void>().completeOnTimeout(null, 1, TimeUnit.SECONDS);
  }

  Object publisher() {
    return new SubmissionPublisher<Void>();
  }

  Cleaner cleaner() {
    return Cleaner.create();
  }

  Stream<String> parallelStream() {
    return Set.of("a").parallelStream();
  }

  Stream<String> parallelStreamOfList() {
    return new ArrayList<String>().parallelStream();
  }

  Stream<String> parallel() {
    return Stream.of("a").parallel();
  }
}
