package io.libprocess.e2e;

import io.libprocess.Config;
import io.libprocess.Exit;
import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.UPID;
import io.libprocess.config.MessageLimits;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * The node that {@link TortureTest} torments, in a JVM of its own. It executes the lines of
 * standard input on the main thread, and answers each with a line that begins with {@value
 * #ANSWER}.
 */
final class TortureNode {

  static final String ANSWER = "> ";

  private static final int TIMERS = 200;

  /**
   * The times within which a connection that lost an answer, or its own end, is detected. By
   * default that would be a minute, and never for links.
   */
  static final MessageLimits LIMITS =
      MessageLimits.builder()
          .answerTime(Duration.ofSeconds(4))
          .heartbeat(Duration.ofSeconds(8))
          .build();

  private final Node node = Node.start(Config.builder().workers(2).messageLimits(LIMITS).build());
  private final AtomicInteger fired = new AtomicInteger();
  private final BrokenHandler handler = new BrokenHandler();
  private PID<Doomed> doomed;
  private int services;

  private TortureNode() {}

  /** Waits for its end. */
  private static final class Mortal extends Process<Mortal> {
    Mortal(String id) {
      super(id);
    }
  }

  /** Ends by an error when it is told to, while the fault lasts. */
  private static final class Doomed extends Process<Doomed> {
    Doomed() {}

    Doomed(String id) {
      super(id);
    }

    private void fail() {
      throw new AssertionError("on purpose");
    }
  }

  /** Everything a node does for others; a new one serves after each fault. */
  private static final class Service extends Process<Service> {
    private final ConcurrentMap<UPID, Exit> ended = new ConcurrentHashMap<>();

    Service(String id) {
      super(id);
    }

    @Override
    protected void initialize() {
      install("ping", (from, body) -> send(from, "pong", body));
      route("/ok", "Answers at once.", request -> Future.of(Response.ok("ok")));
      route("/body", "How long the body was.", Service::length);
      route("/throws", "Throws.", Service::fail);
      route("/victim", "Spawns a process that ends by an error.", this::victim);
      route("/timer", "Answers after 20 ms.", this::later);
      route("/async", "Answers from a thread for blocking calls.", this::async);
      route("/mortal", "Spawns a process, links to it, and answers with its name.", this::mortal);
      route("/kill", "Ends it.", this::kill);
      route("/ended", "Whether it was told so.", this::ended);
    }

    private static Future<Response> length(Request request) {
      return Future.of(Response.ok("" + request.bytes().size()));
    }

    private static Future<Response> fail(Request request) {
      throw new AssertionError("on purpose");
    }

    private Future<Response> victim(Request request) {
      node().spawn(new Doomed()).dispatch(Doomed::fail);
      return Future.of(Response.ok("spawned"));
    }

    private Future<Response> later(Request request) {
      Promise<Response> promise = new Promise<>();
      delay(Duration.ofMillis(20), self -> promise.set(Response.ok("later")));
      return promise.future();
    }

    private Future<Response> async(Request request) {
      return node().async(() -> Response.ok("async"));
    }

    private Future<Response> mortal(Request request) {
      Mortal mortal = new Mortal(request.query("id").orElseThrow());
      link(node().spawn(mortal));
      return Future.of(Response.ok(mortal.self().toString()));
    }

    private static UPID named(Request request) {
      return UPID.parse(request.query("pid").orElseThrow()).orElseThrow();
    }

    private Future<Response> kill(Request request) {
      node().terminate(named(request));
      return Future.of(Response.ok("killed"));
    }

    private Future<Response> ended(Request request) {
      Exit exit = ended.get(named(request));
      return Future.of(exit == null ? Response.notFound() : Response.ok(exit.reason().toString()));
    }

    @Override
    protected void exited(UPID pid, Exit exit) {
      ended.put(pid, exit);
    }
  }

  /** Throws errors while it is broken. */
  private static final class BrokenHandler extends Handler {
    private volatile boolean broken;
    private int records;

    @Override
    public void publish(LogRecord record) {
      if (broken) {
        switch (records++ % 3) {
          case 0 -> throw new AssertionError("the log is broken");
          case 1 -> throw new OutOfMemoryError("the log is broken");
          default -> throw new IllegalStateException("the log is broken");
        }
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private static void say(String line) {
    System.out.println(ANSWER + line);
  }

  /** Serves and obeys until standard input ends. */
  public static void main(String[] arguments) throws Exception {
    Logger.getLogger("io.libprocess").setUseParentHandlers(false); // It would be long.
    new TortureNode().obey();
  }

  private void obey() throws Exception {
    Logger.getLogger("io.libprocess").addHandler(handler);
    Runtime.getRuntime().addShutdownHook(new Thread(node::close));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    say("" + node.address().port());
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      Duration time = Duration.ofMillis(words.length > 1 ? Long.parseLong(words[1]) : 0);
      switch (words[0]) {
        case "service" -> say(newService().toString());
        case "doomed" -> say(newDoomed().toString());
        case "timers" -> say(startTimers(time));
        case "fired" -> say(fired + " of " + TIMERS);
        case "heap" -> say(fillHeap(time));
        case "descriptors" -> say(takeDescriptors(time));
        case "log" -> say(breakLog(time));
        case "wait" -> say(doomAndWait(time));
        default -> throw new IllegalArgumentException(line);
      }
    }
  }

  private UPID newService() {
    return node.spawn(new Service("service" + ++services));
  }

  private UPID newDoomed() {
    doomed = node.spawn(new Doomed("doomed"));
    return doomed;
  }

  /** Timers of which the first is due at once and the last after all that time. */
  private String startTimers(Duration time) {
    for (int i = 0; i < TIMERS; i++) {
      node.clock().timer(time.multipliedBy(i).dividedBy(TIMERS), fired::incrementAndGet);
    }
    return "started";
  }

  /** Ends the doomed process; false if it could not be told. */
  private boolean doom() {
    try {
      doomed.dispatch(Doomed::fail);
      return true;
    } catch (Throwable thrown) {
      return false;
    }
  }

  private void fillUntil(long end, long middle) {
    Object[] list = null;
    int size = 1 << 16;
    boolean told = false;
    while (System.nanoTime() < end) {
      try {
        Object[] node = new Object[2];
        node[0] = list;
        node[1] = new byte[size];
        list = node;
      } catch (OutOfMemoryError e) {
        size = 16;
        told = told || System.nanoTime() > middle && doom();
        Thread.yield();
      }
    }
  }

  private String fillHeap(Duration time) {
    long now = System.nanoTime();
    fillUntil(now + time.toNanos(), now + time.toNanos() / 2);
    doom(); // If there was no memory to tell it.
    return "filled";
  }

  private String takeDescriptors(Duration time) throws Exception {
    Closeable[] taken = new Closeable[1 << 16];
    long now = System.nanoTime();
    int count = 0;
    boolean told = false;
    while (System.nanoTime() - now < time.toNanos()) {
      try {
        taken[count] = new FileInputStream("/dev/null");
        count++;
      } catch (Exception e) { // None is left; the node may give one back.
        told = told || System.nanoTime() - now > time.toNanos() / 2 && doom();
        Thread.sleep(1);
      }
    }
    for (int i = 0; i < count; i++) {
      taken[i].close();
    }
    return "took " + count;
  }

  private String breakLog(Duration time) throws Exception {
    handler.broken = true;
    try {
      doomAndWait(time);
      return "broke " + handler.records;
    } finally {
      handler.broken = false;
    }
  }

  private String doomAndWait(Duration time) throws Exception {
    Thread.sleep(time.toMillis() / 2);
    doom();
    Thread.sleep(time.toMillis() / 2);
    return "waited";
  }
}
