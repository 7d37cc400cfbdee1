package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Exit;
import io.libprocess.Node;
import io.libprocess.Process;
import io.libprocess.UPID;
import io.libprocess.support.Expect;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node that runs out of a resource for some seconds under load, and serves everything afterwards:
 * in a separate JVM with a heap of 32 MiB and 256 descriptors.
 */
@Timeout(300)
class TortureTest {

  private static final int FAULT_MILLIS = 2000;
  private static final int OTHER_USER = 64_001;
  private static final int TERMINATED = 143; // Exit status after SIGTERM.
  private static final String FORBIDDEN = "1:"; // The soft limit; the hard one stays as it is.
  private static final String ALLOWED = "4096:";

  @TempDir private Path directory;

  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final Asker asker = new Asker();
  private Node own;
  private java.lang.Process child;
  private List<String> asUser = List.of(); // Prefix of commands.
  private int port;
  private int rounds;
  private volatile boolean over;

  /** Asks the other node's processes, and links to them. */
  private static final class Asker extends Process<Asker> {
    final BlockingQueue<String> pongs = new LinkedBlockingQueue<>();
    final BlockingQueue<UPID> ended = new LinkedBlockingQueue<>();
    private volatile Exit.Reason lastReason;

    Asker() {
      super("asker");
    }

    @Override
    protected void initialize() {
      install("pong", (from, body) -> pongs.add(new String(body, StandardCharsets.UTF_8)));
    }

    private void ask(UPID to, String text) {
      send(to, "ping", text.getBytes(StandardCharsets.UTF_8));
    }

    private void watch(UPID to) {
      link(to);
    }

    @Override
    protected void exited(UPID pid, Exit exit) {
      lastReason = exit.reason();
      ended.add(pid);
    }
  }

  /* ---------------- The child ---------------- */

  private static Path classes(Class<?> one) throws URISyntaxException {
    return Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  /** The child's files: a JVM keeps a jar open, and loads classes without a descriptor. */
  private Path jar() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path jar = directory.resolve("torture.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      add(classes(Node.class), "", out);
      add(classes(TortureNode.class), "TortureNode", out);
    }
    return jar;
  }

  private static void add(Path root, String name, JarOutputStream out) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String path = root.relativize(file).toString();
        boolean wanted = path.startsWith("io/libprocess/") && path.contains(name);
        if (wanted && Files.isRegularFile(file)) {
          out.putNextEntry(new JarEntry(path));
          Files.copy(file, out);
        }
      }
    }
  }

  private void start() throws Exception {
    Path jar = jar();
    List<String> command = new ArrayList<>(asUser);
    command.addAll(
        List.of(
            "bash",
            "-c",
            "ulimit -n 256; exec \"$@\"",
            "bash",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx32m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-cp",
            jar.toString(),
            TortureNode.class.getName()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(directory.resolve("stderr").toFile());
    builder.environment().keySet().removeIf(variable -> variable.startsWith("LIBPROCESS_"));
    builder.environment().put("LIBPROCESS_IP", "127.0.0.1");
    child = builder.start();
    Thread reader = new Thread(this::readAnswers, "torture-reader");
    reader.setDaemon(true);
    reader.start();
    port = Integer.parseInt(answer());
  }

  private void readAnswers() {
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.startsWith(TortureNode.ANSWER)) { // The JVM itself writes warnings there.
          answers.add(line.substring(TortureNode.ANSWER.length()));
        }
      }
    } catch (IOException e) {
      answers.add(e.toString()); // The child was ended.
    }
  }

  private String answer() {
    return Expect.next(answers);
  }

  private void say(String line) throws IOException {
    OutputStream input = child.getOutputStream();
    input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    input.flush();
  }

  private String tell(String line) throws IOException {
    say(line);
    return answer();
  }

  @BeforeEach
  void startOwn() {
    own = Node.start(Config.builder().messageLimits(TortureNode.LIMITS).build());
    own.spawn(asker);
  }

  @AfterEach
  void end() throws Exception {
    over = true;
    own.close();
    if (child != null) {
      child.destroyForcibly().waitFor();
      String text = Files.readString(directory.resolve("stderr"), StandardCharsets.ISO_8859_1);
      if (child.exitValue() != TERMINATED) {
        System.err.println("The end of what the node wrote: " + lastOf(text));
      }
    }
  }

  private static String lastOf(String text) {
    return text.substring(Math.max(0, text.length() - 8000));
  }

  /* ---------------- Asking ---------------- */

  /** The body of a response of 200 on a new connection, or the failure instead. */
  private String fetch(String target, String body, int limitMillis) {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(limitMillis);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), limitMillis);
      String head = " HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Length: ";
      String request = "POST " + target + head + body.length() + "\r\n\r\n" + body;
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int end = response.indexOf("\r\n\r\n");
      return response.startsWith("HTTP/1.1 200 ") ? response.substring(end + 4) : response;
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static void until(String what, Expect.Condition condition) throws Exception {
    until(() -> what, condition);
  }

  private static void until(Supplier<String> what, Expect.Condition condition) throws Exception {
    long start = System.nanoTime();
    while (!condition.holds()) {
      assertTrue(System.nanoTime() - start < Expect.LIMIT.toNanos(), what);
      Thread.sleep(20);
    }
  }

  private void expect(String body, String target) throws Exception {
    String[] got = new String[1];
    until(
        () -> target + ": " + got[0],
        () -> {
          got[0] = fetch(target, "", 5000);
          return got[0].equals(body);
        });
  }

  private boolean pongs(UPID service, String text) throws InterruptedException {
    asker.self().dispatch(asker -> asker.ask(service, text));
    long start = System.nanoTime();
    while (System.nanoTime() - start < 2_000_000_000L) {
      if (text.equals(asker.pongs.poll(100, TimeUnit.MILLISECONDS))) {
        return true;
      }
    }
    return false;
  }

  private void expectExit(UPID pid) {
    for (UPID ended = Expect.next(asker.ended); !ended.equals(pid); ) {
      ended = Expect.next(asker.ended);
    }
  }

  /** Everything is served by a new process of the node. */
  private UPID expectService() throws Exception {
    UPID service = UPID.parse(tell("service")).orElseThrow();
    String path = "/" + service.id();
    expect("ok", path + "/ok");
    expect("later", path + "/timer");
    expect("async", path + "/async");
    assertEquals("100000", fetch(path + "/body", "x".repeat(100_000), 10_000));
    assertTrue(fetch(path + "/throws", "", 10_000).startsWith("HTTP/1.1 500 "));
    String text = "round " + ++rounds;
    until("no reply to a message", () -> pongs(service, text));

    UPID mortal = UPID.parse(fetch(path + "/mortal?id=mortal" + rounds, "", 10_000)).orElseThrow();
    asker.self().call(asker -> watched(asker, mortal)).get();
    assertEquals("killed", fetch(path + "/kill?pid=" + mortal, "", 10_000));
    expectExit(mortal);
    assertEquals(Exit.Reason.TERMINATED, asker.lastReason);
    expect("TERMINATED", path + "/ended?pid=" + mortal);
    return service;
  }

  private static boolean watched(Asker asker, UPID pid) {
    asker.watch(pid);
    return true;
  }

  /** Requests everything again and again, whatever the result. */
  private List<Thread> load(UPID service) {
    String path = "/" + service.id();
    String body = "x".repeat(20_000);
    List<String> targets =
        List.of("/ok", "/throws", "/body", "/timer", "/async", "/victim", "/no-such");
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int first = i;
      threads.add(
          new Thread(
              () -> {
                for (int n = first; !over; n++) {
                  fetch(path + targets.get(n % targets.size()), n % 2 == 0 ? body : "", 500);
                  own.post(asker.self(), service, "ping", new byte[100]);
                }
              },
              "torture-load"));
    }
    threads.forEach(Thread::start);
    return threads;
  }

  private void expectTerm() throws Exception {
    assertTrue(child.isAlive());
    assertTrue(child.toHandle().destroy()); // SIGTERM, and the pipes stay open.
    assertTrue(child.waitFor(Expect.SECONDS, TimeUnit.SECONDS), "SIGTERM has no effect");
    assertEquals(TERMINATED, child.exitValue());
  }

  /** A limit that is set from outside. */
  private interface Limit {
    void set(boolean tight) throws Exception;
  }

  private void survives(String fault, Limit limit) throws Exception {
    UPID service = expectService();
    UPID doomed = UPID.parse(tell("doomed")).orElseThrow();
    asker.self().call(asker -> watched(asker, doomed)).get();
    until("no reply to a message", () -> pongs(service, "linked"));
    assertEquals("started", tell("timers " + 2 * FAULT_MILLIS));

    List<Thread> load = load(service);
    limit.set(true);
    say(fault + " " + FAULT_MILLIS);
    String told = answers.poll(FAULT_MILLIS + Expect.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    limit.set(false);
    assertNotNull(told, "the main thread did not survive");
    over = true;
    for (Thread thread : load) {
      thread.join();
    }
    over = false;

    if (!fault.equals("heap")) { // Its end may have found no memory for a notice to this node.
      expectExit(doomed);
    }
    expectService();
    until("timers are lost", () -> tell("fired").equals("200 of 200"));
    expectTerm();
  }

  @Test
  void heapAtItsLimit() throws Exception {
    start();
    survives("heap", tight -> {});
  }

  @Test
  void descriptorsAtTheirLimit() throws Exception {
    start();
    survives("descriptors", tight -> {});
  }

  @Test
  void brokenLog() throws Exception {
    start();
    survives("log", tight -> {});
  }

  @Test
  void threadsAtTheirLimit() throws Exception {
    startAsUserWithThreadLimit();
    survives("wait", this::limitThreads);
  }

  private void limitThreads(boolean tight) throws Exception {
    List<String> command = new ArrayList<>(asUser);
    String limit = "--nproc=" + (tight ? FORBIDDEN : ALLOWED);
    command.addAll(List.of(Program.named("prlimit").path(), "--pid", "" + child.pid(), limit));
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor(), limit);
  }

  /** Starts as another user if this is root, to whom no limit of threads applies. */
  private void startAsUserWithThreadLimit() throws Exception {
    Program.named("prlimit");
    if (!isRoot()) {
      start();
      return;
    }
    Path jar = jar();
    String user = "" + OTHER_USER;
    List<String> as = List.of(Program.named("setpriv").path(), "--reuid", user, "--regid", user);
    String[] prefix =
        Stream.concat(as.stream(), Stream.of("--clear-groups")).toArray(String[]::new);
    List<String> probe = new ArrayList<>(asUser);
    probe.addAll(List.of("test", "-r", jar().toString()));
    boolean readable = new ProcessBuilder(probe).start().waitFor() == 0;
    Assumptions.assumeTrue(readable, "another user cannot read files of this test");
    start();
  }

  private static boolean isRoot() throws IOException {
    return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
  }
}
