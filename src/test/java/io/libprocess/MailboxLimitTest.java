package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.actor.BoundedCell;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.HttpClient;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.http.Url;
import io.libprocess.http.security.AuthenticationResult;
import io.libprocess.http.security.Authenticator;
import io.libprocess.node.Router;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.support.Expect;
import io.libprocess.support.LogCapture;
import io.libprocess.sync.Stress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class MailboxLimitTest {

  private final Node node = Node.start(Config.builder().workers(2).build());
  private final CountDownLatch goOn = new CountDownLatch(1);

  @AfterEach
  void end() {
    goOn.countDown();
    node.close();
  }

  private static class Limited extends Process<Limited> {
    int served; // Used in the process only.
    final List<UPID> gone = new ArrayList<>();

    Limited(int limit) {
      mailboxLimit(limit);
    }

    @Override
    protected void exited(UPID pid, Exit exit) {
      gone.add(pid);
    }

    void linkTo(UPID pid) {
      link(pid);
    }
  }

  /** Spawns a process that serves one event until told to go on, with an empty mailbox. */
  private PID<Limited> blocked(Limited process) throws Exception {
    PID<Limited> pid = node.spawn(process);
    CountDownLatch serving = new CountDownLatch(1);
    pid.dispatch(
        p -> {
          serving.countDown();
          Expect.opened(goOn);
        });
    Expect.opened(serving);
    return pid;
  }

  private static void add(PID<Limited> pid) {
    pid.dispatch(p -> p.served++);
  }

  @Test
  void full_dropsOneWayEventsCountsAndLogsOnceForEachBurst() throws Exception {
    Limited process = new Limited(2);
    try (LogCapture log = new LogCapture()) {
      PID<Limited> pid = blocked(process);
      for (int i = 0; i < 5; i++) {
        add(pid);
      }
      node.post(pid, "message", new byte[0]);

      assertEquals(4, process.mailboxDrops());
      assertEquals(1, log.count(text -> text.contains("The mailbox of " + pid + " is full at 2")));

      goOn.countDown();
      assertEquals(2, (int) Expect.ready(served(pid)));
    }
  }

  @Test
  void full_logsAgainAfterItHasBeenEmpty() throws Exception {
    Limited process = new Limited(1);
    try (LogCapture log = new LogCapture()) {
      PID<Limited> pid = blocked(process);
      add(pid);
      add(pid);
      add(pid);
      goOn.countDown();
      Expect.ready(served(pid));
      CountDownLatch serving = new CountDownLatch(1);
      CountDownLatch second = new CountDownLatch(1);
      pid.dispatch(
          p -> {
            serving.countDown();
            Expect.opened(second);
          });
      Expect.opened(serving);
      add(pid);
      add(pid);
      second.countDown();

      assertEquals(3, process.mailboxDrops());
      assertEquals(2, log.count(text -> text.contains("The mailbox of " + pid)));
    }
  }

  /** A call that is accepted as soon as there is room. */
  private static Future<Integer> served(PID<Limited> pid) {
    for (; ; ) {
      Future<Integer> served = pid.call(p -> p.served);
      if (!served.isFailed()) {
        return served;
      }
      Thread.onSpinWait();
    }
  }

  @Test
  void full_failsCalls() throws Exception {
    PID<Limited> pid = blocked(new Limited(1));
    Future<Integer> waits = pid.call(p -> p.served);

    Throwable call = Expect.failure(pid.call(p -> p.served));
    Throwable callAsync = Expect.failure(pid.callAsync(p -> Future.of(p.served)));

    assertInstanceOf(MailboxFullException.class, call);
    assertInstanceOf(MailboxFullException.class, callAsync);
    assertEquals("the mailbox of " + pid + " is full: limit 1", call.getMessage());
    assertTrue(waits.isPending());
    goOn.countDown();
    assertEquals(0, (int) Expect.ready(waits));
    assertEquals(0, (int) Expect.ready(served(pid)));
  }

  @Test
  void full_answersRequestsWith503() throws Exception {
    PID<Limited> pid = blocked(new Limited(1));
    add(pid);

    Future<Response> response = node.router().handle(Request.get("/" + pid.id()));

    assertRefused(Expect.ready(response));
  }

  private static void assertRefused(Response response) {
    assertEquals(503, response.status().code());
    assertEquals("1", response.headers().first("Retry-After", ""));
  }

  @Test
  void handler_whoseCallMetAFullMailboxIsAnsweredWith503() throws Exception {
    PID<Limited> full = blocked(new Limited(1));
    add(full);
    class Front extends Process<Front> {
      @Override
      protected void initialize() {
        route("/call", "", request -> full.call(p -> Response.ok()));
        route("/later", "", request -> Future.done().then(done -> full.call(p -> Response.ok())));
        route(
            "/ask",
            "",
            request ->
                node()
                    .ask(full, "q", Codec.json(String.class), Codec.json(String.class), "")
                    .map(Response::ok));
        route(
            "/wrapped",
            "",
            request ->
                full.<Response>call(p -> Response.ok())
                    .repair(
                        failed ->
                            Future.failed(
                                FlaggedFailure.with(failed.failure(), FailureFlag.NON_RETRYABLE))));
      }
    }
    PID<Front> front = node.spawn(new Front());
    try (HttpClient client = HttpClient.start(ClientSettings.defaults())) {
      Url url = Url.parse("http://" + node.address() + "/" + front.id());
      for (String path : List.of("/call", "/later", "/ask", "/wrapped")) {
        assertRefused(Expect.ready(client.get(Url.parse(url + path))));
      }
    }
    String name = "libprocess/http_requests{route=\"/" + front.id() + "/call\",status=\"503\"}";
    name = name.replaceAll("\\(\\d+\\)", "(*)");
    Map<String, Double> all = Expect.ready(node.metrics().snapshot());
    assertEquals(1, all.getOrDefault(name, 0.0), all::toString);
  }

  @Test
  void failure_isARefusalWithoutAnyPromiseThatNothingWasDone() throws Exception {
    PID<Limited> full = blocked(new Limited(1));
    add(full);
    Throwable failure = Expect.failure(full.call(p -> null));
    assertTrue(FlaggedFailure.has(failure, FailureFlag.REJECTED));
    assertFalse(FlaggedFailure.has(failure, FailureFlag.RETRYABLE));
    Throwable safe = FlaggedFailure.with(failure, FailureFlag.RETRYABLE);
    assertTrue(FlaggedFailure.has(safe, FailureFlag.REJECTED));
    assertSame(failure, FlaggedFailure.without(safe, FailureFlag.RETRYABLE));
  }

  @Test
  void full_letsTheEndOfLinkedProcessesAndItsOwnIn() throws Exception {
    Limited process = new Limited(1);
    PID<Plain> linkee = node.spawn(new Plain());
    PID<Limited> pid = node.spawn(process);
    Expect.ready(
        pid.call(
            p -> {
              p.linkTo(linkee);
              return null;
            }));
    CountDownLatch serving = new CountDownLatch(1);
    served(pid)
        .onReady(
            served ->
                pid.dispatch(
                    p -> {
                      serving.countDown();
                      Expect.opened(goOn);
                    }));
    Expect.opened(serving);
    add(pid);

    node.terminate(linkee);
    Expect.ready(node.exit(linkee));
    node.terminate(pid, false);
    Future<Exit> exit = node.exit(pid);
    goOn.countDown();

    assertEquals(Exit.Reason.TERMINATED, Expect.ready(exit).reason());
    assertEquals(List.of(linkee), process.gone);
    assertEquals(1, process.served);
  }

  @Test
  void ended_fullMailboxPassesEventsOnToTheSuccessor() throws Exception {
    final class Named extends Process<Named> {
      Named(int limit) {
        super("named");
        mailboxLimit(limit);
      }
    }
    PID<Named> old = node.spawn(new Named(1));
    node.terminate(old);
    Expect.ready(node.exit(old));
    Named successor = new Named(100);
    node.spawn(successor);

    for (int i = 0; i < 10; i++) {
      assertEquals("named", Expect.ready(old.call(p -> p.id())));
    }
    assertEquals(0, successor.mailboxDrops());
  }

  @Test
  void limit_isCheckedAndSetInTheConstructorOnly() throws Exception {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new Limited(0));
    assertEquals("limit < 1: 0", e.getMessage());
    Plain plain = new Plain();
    PID<Plain> pid = node.spawn(plain);
    assertThrows(IllegalStateException.class, () -> plain.mailboxLimit(1));
    assertEquals(0, plain.mailboxDrops());
    Expect.ready(pid.call(p -> null));
  }

  /** Eight producers: each event is served, or its sender told, or counted. */
  @Test
  void producers_loseNothingSilently() throws Exception {
    int producers = 8;
    int rounds = Stress.times(20_000);
    int limit = 64;
    AtomicLong mostWaiting = new AtomicLong();
    Limited process = new Limited(limit);
    PID<Limited> pid = node.spawn(process);
    BoundedCell cell = (BoundedCell) pid.cell();
    AtomicLong ready = new AtomicLong();
    AtomicLong full = new AtomicLong();
    CountDownLatch answered = new CountDownLatch(producers * rounds);
    try (LogCapture quiet = new LogCapture()) {
      Stress.inParallel(
          producers,
          thread -> {
            for (int round = 0; round < rounds; round++) {
              add(pid);
              pid.call(p -> mostWaiting.accumulateAndGet(cell.waiting(), Math::max))
                  .onReady(value -> ready.incrementAndGet())
                  .onFailed(e -> full.incrementAndGet())
                  .onAny(any -> answered.countDown());
            }
          });
      Expect.opened(answered);
      int served = Expect.ready(served(pid));
      assertTrue(quiet.count(text -> text.contains("is full")) <= process.mailboxDrops());
      assertEquals((long) producers * rounds, served + process.mailboxDrops());
    }
    assertEquals((long) producers * rounds, ready.get() + full.get());
    assertTrue(mostWaiting.get() <= limit, mostWaiting::toString);
    assertEquals(0, cell.waiting());
  }

  @Test
  void requestsThatWaitForAuthentication_areLimitedToo() throws Exception {
    Promise<AuthenticationResult> authentication = new Promise<>();
    node.security()
        .setAuthenticator("realm", Authenticator.of("Test", request -> authentication.future()));
    PID<Limited> pid =
        node.spawn(
            new Limited(3) {
              @Override
              protected void initialize() {
                route(
                    Route.at("/").realm("realm"), (request, principal) -> Future.of(Response.ok()));
              }
            });
    Router router = node.router();
    List<Future<Response>> answers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      answers.add(router.handle(Request.get("/" + pid.id())));
      Expect.ready(pid.call(p -> p.served)); // The request has come to the line.
    }
    assertRefused(Expect.ready(answers.get(3)));
    assertRefused(Expect.ready(answers.get(4)));
    authentication.set(AuthenticationResult.of(Principal.of("ann")));
    for (int i = 0; i < 3; i++) {
      assertEquals(200, Expect.ready(answers.get(i)).status().code());
    }
  }
}
