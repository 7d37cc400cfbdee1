package io.libprocess.e2e;

import io.libprocess.Config;
import io.libprocess.Exit;
import io.libprocess.Node;
import io.libprocess.Process;
import io.libprocess.UPID;
import io.libprocess.future.Future;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import io.libprocess.net.Tls;
import io.libprocess.net.tls.Certificates;
import io.libprocess.support.Expect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Hours of work in minutes, run by hand with a small heap: pipelined requests, chunks, aborts,
 * files, TLS, messages and links, whose contents are compared. Each 30 seconds it prints the heap
 * after a collection, descriptors and threads; it ends with 1 if anything differs, or if these have
 * grown since the end of the first quarter.
 */
final class Soak {

  private static final int FILE_SIZE = 3_000_000;
  private static final long LIMIT_SECONDS = 60;

  /** How long a download may take on a busy machine; one that hangs takes longer. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final int MEBIBYTE = 1 << 20;

  /** The growth that may come and go between two looks. */
  private static final long HEAP_SLACK = 8L * MEBIBYTE;

  private static final int DESCRIPTOR_SLACK = 50;
  private static final int THREAD_SLACK = 20;

  private final byte[] content = new byte[FILE_SIZE];
  private final AtomicLong done = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean over;

  /** Serves. */
  private static final class Service extends Process<Service> {
    private final Path file;

    Service(Path file) {
      super("soak");
      this.file = file;
    }

    @Override
    protected void initialize() {
      provide("file", file);
      route("/echo", "The body.", request -> Future.of(Response.ok(request.text())));
      install("ping", (from, body) -> send(from, "pong", body));
      install("mortal", (from, body) -> send(from, "born", spawnMortal()));
      install(
          "kill",
          (from, body) ->
              node().terminate(UPID.parse(new String(body, StandardCharsets.UTF_8)).orElseThrow()));
    }

    private byte[] spawnMortal() {
      return node().spawn(new Mortal()).toString().getBytes(StandardCharsets.UTF_8);
    }
  }

  private static final class Mortal extends Process<Mortal> {}

  /** Sends and links from the other node. */
  private static final class Asker extends Process<Asker> {
    final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @Override
    protected void initialize() {
      install("pong", (from, body) -> heard.add(new String(body, StandardCharsets.UTF_8)));
      install("born", (from, body) -> heard.add(new String(body, StandardCharsets.UTF_8)));
    }

    private void say(UPID to, String name, String text) {
      send(to, name, text.getBytes(StandardCharsets.UTF_8));
    }

    private void watch(UPID to) {
      link(to);
    }

    @Override
    protected void exited(UPID pid, Exit exit) {
      heard.add(pid + " " + exit.reason());
    }
  }

  /** Something that is done again and again. */
  private interface Work {
    void run(long number) throws Exception;
  }

  private void again(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                for (long number = 0; !over; number++) {
                  work.run(number);
                  done.incrementAndGet();
                }
              } catch (Throwable thrown) {
                failure.compareAndSet(null, thrown);
              }
            },
            "soak");
    threads.add(thread);
    thread.start();
  }

  private static void same(Object expected, Object got) {
    if (!expected.equals(got)) {
      throw new AssertionError("expected " + expected + ", got " + got);
    }
  }

  private static void pipelining(int port, long number) throws Exception {
    try (RawClient client = new RawClient(port)) {
      StringBuilder requests = new StringBuilder();
      for (int i = 0; i < 100; i++) {
        requests.append(RawClient.post("/soak/echo", number + "-" + i));
      }
      client.send(requests.toString());
      for (int i = 0; i < 100; i++) {
        same(number + "-" + i, client.reply().text());
      }
    }
  }

  private static void chunks(int port, long number) throws Exception {
    try (RawClient client = new RawClient(port)) {
      client.send("POST /soak/echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n");
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 50; i++) {
        String part = number + "," + i + ";";
        text.append(part);
        client.send(Integer.toHexString(part.length()) + "\r\n" + part + "\r\n");
      }
      same(text.toString(), client.send("0\r\n\r\n").reply().text());
    }
  }

  private void files(int port, long number) throws Exception {
    try (RawClient client = new RawClient(port)) {
      if (number % 3 == 0) { // Leaves in the middle.
        client.send(RawClient.get("/soak/file"));
        client.read(100_000);
        client.reset();
        return;
      }
      same(true, Arrays.equals(content, client.fetch("/soak/file").body()));
    }
  }

  private void secureFiles(Node node, int port) throws Exception {
    Url url = Url.parse("https://localhost:" + port + "/soak/file");
    Future<Response> answer = node.http().get(url);
    if (!answer.await(PATIENCE)) {
      Thread.getAllStackTraces().values().forEach(stack -> System.out.println(List.of(stack)));
    }
    Response response = Expect.ready(answer);
    same(200, response.status().code());
    same(true, Arrays.equals(content, response.bytes().toArray()));
  }

  private static String hear(Asker asker) throws InterruptedException {
    return "" + asker.heard.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  private static void messages(Asker asker, UPID to, long number) throws Exception {
    String text = "number " + number;
    asker.self().dispatch(self -> self.say(to, "ping", text));
    same(text, hear(asker));
    asker.self().dispatch(self -> self.say(to, "mortal", ""));
    UPID mortal = UPID.parse(hear(asker)).orElseThrow();
    asker.self().dispatch(self -> self.watch(mortal));
    asker.self().dispatch(self -> self.say(to, "kill", mortal.toString()));
    same(mortal + " TERMINATED", hear(asker));
  }

  private record Look(long heap, int descriptors, int threads) {
    static Look now() {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      String[] open = Path.of("/proc/self/fd").toFile().list();
      return new Look(
          runtime.totalMemory() - runtime.freeMemory(),
          open == null ? 0 : open.length,
          Thread.getAllStackTraces().size());
    }

    boolean hasGrownFrom(Look before) {
      return heap > before.heap + HEAP_SLACK
          || descriptors > before.descriptors + DESCRIPTOR_SLACK
          || threads > before.threads + THREAD_SLACK;
    }
  }

  private boolean run(long seconds, Path directory) throws Exception {
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i * 31 + i / 251);
    }
    Path file = directory.resolve("content");
    Files.write(file, content);
    Certificates certificates = new Certificates(directory);
    Certificates.Identity authority = certificates.authority("soak");
    Certificates.Identity identity = certificates.forLocalhost(authority);
    Tls tls =
        Tls.builder()
            .identity(identity.certificate(), identity.key())
            .authorities(authority.certificate())
            .handshakeTimeout(Duration.ofSeconds(LIMIT_SECONDS))
            .build();
    ClientSettings patient =
        ClientSettings.builder().connectTime(Duration.ofSeconds(LIMIT_SECONDS)).build();
    try (Node plain = Node.start(Config.builder().build());
        Node secure = Node.start(Config.builder().tls(tls).httpClient(patient).build());
        Node other = Node.start(Config.builder().build())) {
      plain.spawn(new Service(file));
      secure.spawn(new Service(file));
      Asker asker = new Asker();
      other.spawn(asker);
      int port = plain.address().port();
      UPID service = new UPID("soak", plain.address());
      again(number -> pipelining(port, number));
      again(number -> chunks(port, number));
      again(number -> files(port, number));
      again(number -> secureFiles(secure, secure.address().port()));
      again(number -> messages(asker, service, number));
      boolean flat = watch(seconds);
      over = true;
      for (Thread thread : threads) {
        thread.join();
      }
      return flat && failure.get() == null;
    }
  }

  /** Looks until the time is over; false if something has grown at the end. */
  private boolean watch(long seconds) throws InterruptedException {
    long start = System.nanoTime();
    Look early = null;
    Look last = Look.now();
    for (long passed = 0; passed < seconds && failure.get() == null; ) {
      Thread.sleep(Math.min(30, seconds - passed) * 1000);
      passed = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
      last = Look.now();
      early = early == null && passed * 4 >= seconds ? last : early;
      System.out.printf(
          "%d s: %d rounds, heap %.1f MiB, %d descriptors, %d threads%n",
          passed, done.get(), last.heap / (double) MEBIBYTE, last.descriptors, last.threads);
    }
    return early != null && !last.hasGrownFrom(early);
  }

  /**
   * Runs.
   *
   * @param arguments how many seconds
   */
  public static void main(String[] arguments) throws Exception {
    Path directory = Files.createTempDirectory("soak");
    Soak soak = new Soak();
    boolean good = soak.run(Long.parseLong(arguments[0]), directory);
    if (soak.failure.get() != null) {
      soak.failure.get().printStackTrace();
    }
    System.out.println(good ? "flat, and all contents right" : "FAILED");
    System.exit(good ? 0 : 1);
  }
}
