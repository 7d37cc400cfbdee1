package io.libprocess.benchmarks;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.UPID;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * R1: messages of 100 bytes between processes in two JVMs over loopback. One way, where every 500th
 * message is acknowledged and at most 2,000 are not; and round trips with 1 and 64 messages in
 * flight, each sent on from the handler. Rates over 3 s of warm-up and 5 samples of 1 s, and the
 * processor time that both JVMs together spent on each, which a busy machine changes less.
 *
 * <pre>{@code
 * java -Xms512m -Xmx512m -XX:+AlwaysPreTouch -cp target/benchmarks.jar \
 *     io.libprocess.benchmarks.RemoteBenchmark
 * }</pre>
 */
public final class RemoteBenchmark {

  private static final int PAYLOAD = 100;
  private static final int BURST = 500;
  private static final int BURSTS = 4;
  private static final int WARMUP = 3;
  private static final int SAMPLES = 5;
  private static final String ONE_WAY = "one-way";
  private static final String ECHO = "echo";

  private static volatile boolean running = true;

  private RemoteBenchmark() {}

  /** Receives the messages of the other JVM, and acknowledges or returns them. */
  private static final class Server extends Process<Server> {
    private int received;

    Server() {
      super("server");
    }

    @Override
    protected void initialize() {
      install(
          ONE_WAY,
          (from, body) -> {
            if (++received % BURST == 0) {
              send(from, ONE_WAY, body);
            }
          });
      install(ECHO, (from, body) -> send(from, ECHO, body));
    }
  }

  /** Counts the answers. */
  private static final class Client extends Process<Client> {
    final LongAdder acknowledged = new LongAdder();
    final LongAdder returned = new LongAdder();
    final Semaphore bursts = new Semaphore(BURSTS);
    final Semaphore idle = new Semaphore(0);

    Client() {
      super("client");
    }

    @Override
    protected void initialize() {
      install(
          ONE_WAY,
          (from, body) -> {
            acknowledged.increment();
            bursts.release();
          });
      install(
          ECHO,
          (from, body) -> {
            if (running) {
              returned.increment();
              send(from, ECHO, body);
            } else {
              idle.release();
            }
          });
    }
  }

  /**
   * Runs the benchmark.
   *
   * @param arguments none; the second JVM has one
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 0) {
      serve();
    } else {
      measure();
    }
  }

  private static void serve() throws IOException {
    try (Node node = Node.start(Config.builder().build())) {
      node.spawn(new Server());
      System.out.println(node.address().port());
      while (System.in.read() >= 0) {} // Ends with the client, which holds the other end.
    }
  }

  private static void measure() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.addAll(List.of("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(RemoteBenchmark.class.getName(), "serve"));
    java.lang.Process server =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String port = new BufferedReader(new InputStreamReader(server.getInputStream())).readLine();
    UPID there = UPID.parse("server@127.0.0.1:" + port).orElseThrow();
    Client client = new Client();
    try (Node node = Node.start(Config.builder().build())) {
      PID<Client> here = node.spawn(client);
      System.out.println("| workload | median/s | min | max | CPU us |\n|---|--:|--:|--:|--:|");
      oneWay(server, node, client, here, there);
      for (int inFlight : new int[] {1, 64}) {
        running = true;
        for (int i = 0; i < inFlight; i++) {
          node.post(here, there, ECHO, new byte[PAYLOAD]);
        }
        sample(server, "round trip, " + inFlight + " in flight", client.returned::sum);
        running = false;
        client.idle.acquire(inFlight);
      }
    }
    server.getOutputStream().close();
    server.waitFor();
  }

  private static void oneWay(
      java.lang.Process server, Node node, Client client, UPID here, UPID there) throws Exception {
    Thread sender =
        new Thread(
            () -> {
              byte[] payload = new byte[PAYLOAD];
              while (running) {
                client.bursts.acquireUninterruptibly();
                for (int i = 0; i < BURST; i++) {
                  node.post(here, there, ONE_WAY, payload);
                }
              }
            });
    sender.start();
    sample(server, "one-way", () -> client.acknowledged.sum() * BURST);
    running = false;
    sender.join();
    client.bursts.acquire(BURSTS);
  }

  private static void sample(java.lang.Process server, String workload, LongSupplier count)
      throws InterruptedException {
    Thread.sleep(WARMUP * 1000L); // The load runs on other threads; the warm-up only takes time.
    long first = count.getAsLong();
    Duration cpu = cpu(server);
    double[] rates = new double[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      long from = count.getAsLong();
      long start = System.nanoTime();
      Thread.sleep(1000); // The length of a sample, which is measured by nanoTime.
      rates[i] = (count.getAsLong() - from) * 1e9 / (System.nanoTime() - start);
    }
    double micros = cpu(server).minus(cpu).toNanos() / 1e3 / (count.getAsLong() - first);
    Arrays.sort(rates);
    System.out.printf(
        "| %s | %,.0f | %,.0f | %,.0f | %.2f |%n",
        workload, rates[SAMPLES / 2], rates[0], rates[SAMPLES - 1], micros);
  }

  private static Duration cpu(java.lang.Process server) {
    return ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .orElse(Duration.ZERO)
        .plus(server.info().totalCpuDuration().orElse(Duration.ZERO));
  }
}
