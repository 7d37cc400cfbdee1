package io.libprocess.architecture;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The seams: the calls that only a seam's default implementation may make. */
enum Seam {
  /** Starting threads, directly or through the JDK. */
  THREADS(
      """
      java.lang.Thread.<init>(*)
      java.lang.ref.Cleaner.create(*)
      java.util.Collection.parallelStream()
      java.util.Timer.<init>(*)
      java.util.concurrent.CompletableFuture.*Async(*)
      java.util.concurrent.CompletableFuture.completeOnTimeout(*)
      java.util.concurrent.CompletableFuture.delayedExecutor(*)
      java.util.concurrent.CompletableFuture.orTimeout(*)
      java.util.concurrent.Executors.*
      java.util.concurrent.ForkJoinPool.<init>(*)
      java.util.concurrent.ForkJoinPool.commonPool()
      java.util.concurrent.ForkJoinWorkerThread.<init>(*)
      java.util.concurrent.ScheduledThreadPoolExecutor.<init>(*)
      java.util.concurrent.SubmissionPublisher.<init>(*)
      java.util.concurrent.ThreadPoolExecutor.<init>(*)
      java.util.stream.BaseStream.parallel()
      """),

  /** Reading the system clock, or letting time pass. */
  TIME(
      """
      java.lang.System.currentTimeMillis()
      java.lang.System.nanoTime()
      java.lang.Thread.sleep(*)
      java.time.*.now()
      java.time.*.now(java.time.ZoneId)
      java.time.Clock.system*
      java.time.Clock.tick*
      java.util.Calendar.getInstance(*)
      java.util.Date.<init>()
      java.util.GregorianCalendar.<init>()
      java.util.concurrent.TimeUnit.sleep(*)
      """),

  /** Drawing random numbers that no seed decides. */
  RANDOMNESS(
      """
      java.lang.Math.random()
      java.lang.StrictMath.random()
      java.security.SecureRandom.<init>(*)
      java.security.SecureRandom.getInstance*
      java.util.Collections.shuffle(java.util.List)
      java.util.Random.<init>()
      java.util.SplittableRandom.<init>()
      java.util.UUID.randomUUID()
      java.util.concurrent.ThreadLocalRandom.current()
      java.util.random.RandomGenerator.getDefault()
      java.util.random.RandomGenerator.of(*)
      """),

  /** Collections whose order differs in each JVM, so that no run could be repeated. */
  ORDER(
      """
      java.lang.System.identityHashCode(*)
      java.util.IdentityHashMap.<init>(*)
      java.util.Map.copyOf(*)
      java.util.Map.ofEntries(*)
      java.util.Set.copyOf(*)
      java.util.Set.of(java.lang.Object,*)
      java.util.Set.of(java.lang.Object[])
      java.util.stream.Collectors.toSet()
      java.util.stream.Collectors.toUnmodifiable*
      """),

  /** Opening network channels, and looking up names. Files are no part of the simulated world. */
  NETWORK(
      """
      java.net.DatagramSocket.<init>(*)
      java.net.InetAddress.getAllByName(*)
      java.net.InetAddress.getLocalHost()
      java.net.MulticastSocket.<init>(*)
      java.net.ServerSocket.<init>(*)
      java.net.Socket.<init>(*)
      java.net.URL.open*
      java.nio.channels.AsynchronousServerSocketChannel.open(*)
      java.nio.channels.AsynchronousSocketChannel.open(*)
      java.nio.channels.DatagramChannel.open(*)
      java.nio.channels.Selector.open()
      java.nio.channels.ServerSocketChannel.open(*)
      java.nio.channels.SocketChannel.open(*)
      java.nio.channels.spi.SelectorProvider.open*
      javax.net.*Factory.create*Socket(*)
      """),

  /** Logging, which must be done in one way. */
  LOG(
      """
      java.lang.System.getLogger(*)
      java.lang.System.err
      java.lang.Throwable.printStackTrace()
      java.util.logging.Logger.getLogger(*)
      """),

  /** Reading variables and properties, which one package parses and describes. */
  SETTINGS(
      """
      java.lang.Boolean.getBoolean(*)
      java.lang.Integer.getInteger(*)
      java.lang.Long.getLong(*)
      java.lang.System.getProperties()
      java.lang.System.getProperty(*)
      java.lang.System.getenv(*)
      """);

  private final Map<String, Pattern> calls;

  /** Whether a target is one of the calls; there are fewer targets than uses. */
  private final Map<String, Boolean> known = new ConcurrentHashMap<>();

  Seam(String calls) {
    this.calls = calls.lines().collect(Collectors.toMap(call -> call, Seam::pattern));
  }

  /** A pattern in which {@code *} stands for any text and everything else for itself. */
  private static Pattern pattern(String call) {
    return Pattern.compile(
        Stream.of(call.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
  }

  Set<String> calls() {
    return calls.keySet();
  }

  /** The calls of this seam among those that one use may mean. */
  Set<String> callsAmong(Collection<String> targets) {
    return calls.entrySet().stream()
        .filter(call -> targets.stream().anyMatch(call.getValue().asMatchPredicate()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  boolean isCrossedBy(Collection<String> targets) {
    return targets.stream().anyMatch(target -> known.computeIfAbsent(target, this::isCall));
  }

  private boolean isCall(String target) {
    return calls.values().stream().anyMatch(call -> call.matcher(target).matches());
  }
}
