package io.libprocess.e2e;

import io.libprocess.Delivery;
import io.libprocess.Exit;
import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.UPID;
import io.libprocess.future.Future;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A node in a JVM of its own, configured by the environment, that executes commands line by line
 * and answers each with one line. It also reports calls of {@code exited}.
 */
final class NodeProgram implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 120;

  private final java.lang.Process process;
  private final Path log; // Of the other JVM: it is shown if that one says nothing.
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> exits = new LinkedBlockingQueue<>();
  private final UPID peer;

  /**
   * Starts a node.
   *
   * @param prefix the prefix of the command
   */
  NodeProgram(String[] prefix, Map<String, String> environment) throws Exception {
    List<String> command = new ArrayList<>(Arrays.asList(prefix));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError", "-cp"));
    command.addAll(List.of(System.getProperty("java.class.path"), NodeProgram.class.getName()));
    log = Files.createTempFile("node-program", ".log");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    builder.environment().putAll(environment);
    process = builder.start();
    Thread reader = new Thread(this::readAll, "node-program");
    reader.setDaemon(true);
    reader.start();
    peer = UPID.parse(answer()).orElseThrow();
  }

  private void readAll() {
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        (line.startsWith("exited ") ? exits : answers).add(line);
      }
    } catch (IOException e) {
      answers.add(e.toString());
    }
  }

  private String take(BlockingQueue<String> lines) throws InterruptedException, IOException {
    String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (line == null) {
      throw new AssertionError("the node says nothing, but logs: " + Files.readString(log));
    }
    return line;
  }

  private String answer() throws InterruptedException, IOException {
    return take(answers);
  }

  /** Sends a command, and returns the answer. */
  String tell(String line) throws Exception {
    process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    return answer();
  }

  /** The next time that {@code exited} is called there. */
  String nextExit() throws InterruptedException, IOException {
    return take(exits);
  }

  boolean hasExits() {
    return !exits.isEmpty();
  }

  /** Its process. */
  UPID peer() {
    return peer;
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    Files.delete(log);
  }

  /* ---------------- The other JVM ---------------- */

  /** Counts the numbers it is sent. */
  private static final class Peer extends Process<Peer> {
    private final PrintStream out;
    private int received;
    private int next;
    private int missing;
    private int wrong; // Repeated, or out of order.

    Peer(PrintStream out) {
      super("peer");
      this.out = out;
    }

    @Override
    protected void initialize() {
      install("number", (from, body) -> count(ByteBuffer.wrap(body).getInt()));
    }

    private void watch(UPID to) {
      link(to);
    }

    private void count(int number) {
      received++;
      if (number < next) {
        wrong++;
      } else {
        missing += number - next;
        next = number + 1;
      }
    }

    @Override
    protected void exited(UPID pid, Exit exit) {
      out.println("exited " + pid + " " + exit.reason());
    }
  }

  /** Executes lines until there are no more. */
  public static void main(String[] arguments) throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (Node node = Node.start()) {
      PID<Peer> peer = node.spawn(new Peer(System.out));
      System.out.println(peer);
      List<Future<Delivery>> deliveries = new ArrayList<>();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] words = line.split(" ");
        System.out.println(
            switch (words[0]) {
              case "link" -> link(peer, UPID.parse(words[1]).orElseThrow());
              case "post" -> post(node, peer, words, deliveries);
              case "deliveries" -> counted(deliveries);
              case "received" ->
                  peer.call(p -> p.received + " missing " + p.missing + " wrong " + p.wrong).get();
              case "metric" -> "" + node.metrics().snapshot().get().get(words[1]).longValue();
              case "heap" -> "" + usedHeap();
              default -> throw new IllegalArgumentException(line);
            });
      }
    }
  }

  private static String link(PID<Peer> peer, UPID to) {
    peer.dispatch(p -> p.watch(to));
    return "linked";
  }

  /** Posts numbers: {@code post <to> <first> <count> <size>}. */
  private static String post(
      Node node, PID<Peer> from, String[] words, List<Future<Delivery>> all) {
    UPID to = UPID.parse(words[1]).orElseThrow();
    int first = Integer.parseInt(words[2]);
    int count = Integer.parseInt(words[3]);
    for (int i = first; i < first + count; i++) {
      byte[] body = new byte[Integer.parseInt(words[4])];
      ByteBuffer.wrap(body).putInt(i);
      all.add(node.postConfirmed(from, to, "number", body));
    }
    return "posted " + count;
  }

  /** Waits until the outcomes of all messages are known. */
  private static String counted(List<Future<Delivery>> deliveries) {
    Map<Delivery, Integer> counts = new EnumMap<>(Delivery.class);
    deliveries.forEach(delivery -> counts.merge(delivery.get(), 1, Integer::sum));
    deliveries.clear();
    return counts.toString();
  }

  private static long usedHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
