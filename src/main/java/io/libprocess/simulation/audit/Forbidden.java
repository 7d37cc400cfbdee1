package io.libprocess.simulation.audit;

import java.util.List;

/** The calls that no seed decides. */
final class Forbidden {

  /** Members by name; those of a class without a name of a member are all its members. */
  private static final List<String> MEMBERS =
      """
      java.lang.System.nanoTime
      java.lang.System.currentTimeMillis
      java.lang.System.identityHashCode
      java.lang.Math.random
      java.lang.StrictMath.random
      java.lang.Thread.start
      java.lang.Thread.startVirtualThread
      java.lang.Thread.ofVirtual
      java.lang.Thread.ofPlatform
      java.lang.Thread.sleep
      java.util.UUID.randomUUID
      java.util.concurrent.ThreadLocalRandom.current
      java.util.concurrent.TimeUnit.sleep
      java.util.concurrent.ForkJoinPool.commonPool
      java.security.SecureRandom.<init>
      java.util.concurrent.ForkJoinPool.<init>
      java.util.concurrent.ThreadPoolExecutor.<init>
      java.util.concurrent.ScheduledThreadPoolExecutor.<init>
      java.util.Timer.<init>
      io.libprocess.Node.start
      io.libprocess.time.Clock.create
      io.libprocess.time.Clock.system
      java.net.Socket.<init>
      java.net.ServerSocket.<init>
      java.net.DatagramSocket.<init>
      java.nio.channels.SocketChannel.open
      java.nio.channels.ServerSocketChannel.open
      java.nio.channels.DatagramChannel.open
      java.nio.channels.AsynchronousSocketChannel.open
      java.nio.channels.AsynchronousServerSocketChannel.open
      java.nio.channels.FileChannel.open
      """
          .lines()
          .toList();

  /** Constructors that are forbidden without a seed. */
  private static final List<String> WITHOUT_SEED =
      List.of("java.util.Random", "java.util.SplittableRandom");

  private Forbidden() {}

  static boolean isForbidden(String owner, String member, String descriptor) {
    if (member.equals("<init>") && WITHOUT_SEED.contains(owner)) {
      return descriptor.startsWith("()");
    }
    if (owner.startsWith("java.time.") && member.equals("now")) {
      return !descriptor.contains("Clock");
    }
    if (owner.equals("java.util.concurrent.CompletableFuture") && member.endsWith("Async")) {
      return !descriptor.contains("Executor");
    }
    if (owner.equals("java.util.Collections") && member.equals("shuffle")) {
      return !descriptor.contains("Random");
    }
    return owner.equals("java.util.concurrent.Executors")
        || owner.startsWith("java.util.") && member.equals("parallelStream")
        || MEMBERS.contains(owner + "." + member);
  }
}
