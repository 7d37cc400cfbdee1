package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.http.security.AuthenticationResult;
import io.libprocess.http.security.Authenticator;
import io.libprocess.node.Router;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.support.Expect;
import io.libprocess.sync.Stress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests of several threads that are authenticated and authorized, out of order, by others. */
class AdmissionStressTest {

  private static final int SENDERS = 3;
  private static final int WINDOW = 64; // Requests of one sender that are under way.

  private final Node node = Node.start(Config.builder().workers(4).build());
  private final Router router = node.router();
  private final BlockingQueue<Runnable> completions = new LinkedBlockingQueue<>();
  private final AtomicBoolean over = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);

  AdmissionStressTest() {
    Thread completer = new Thread(this::complete, "completer");
    completer.setDaemon(true);
    completer.start();
  }

  @AfterEach
  void close() throws Exception {
    over.set(true);
    Expect.opened(ended);
    node.close();
  }

  /** Completes requests, some at a time, the last one first. */
  private void complete() {
    List<Runnable> batch = new ArrayList<>();
    try {
      while (!over.get()) {
        Runnable first = completions.poll(1, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          completions.drainTo(batch, 16);
        }
        for (int i = batch.size() - 1; i >= 0; i--) {
          batch.get(i).run();
        }
        batch.clear();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      ended.countDown();
    }
  }

  private static int number(Request request, String key) {
    return Integer.parseInt(request.query(key).orElseThrow());
  }

  /** Decides every third request at once, the others later; some fail. */
  private Future<AuthenticationResult> authenticate(Request request) {
    int number = number(request, "n");
    AuthenticationResult result = AuthenticationResult.of(Principal.of(request.target()));
    if (number % 3 == 0) {
      return Future.of(result);
    }
    Promise<AuthenticationResult> promise = new Promise<>();
    completions.add(
        () -> {
          switch (number % 17) {
            case 1 -> promise.abandon();
            case 2 -> promise.discard();
            case 3 -> promise.fail("no");
            default -> promise.set(result);
          }
        });
    return promise.future();
  }

  private Future<Boolean> authorize(Request request, Optional<Principal> principal) {
    if (number(request, "n") % 4 > 0) {
      return Future.of(true);
    }
    Promise<Boolean> promise = new Promise<>();
    completions.add(() -> promise.set(true));
    return promise.future();
  }

  private PID<Plain> spawn(List<List<Integer>> handled) {
    for (int i = 0; i < SENDERS; i++) {
      handled.add(new ArrayList<>());
    }
    node.security().setAuthenticator("realm", Authenticator.of("Test", this::authenticate));
    node.security().setAuthorization(Map.of("/p/auth", this::authorize));
    return node.spawn(
        new Plain(
            "p",
            p -> {
              p.route(
                  Route.at("/auth").realm("realm").help("Guarded."),
                  (request, principal) -> {
                    assertEquals(request.target(), principal.orElseThrow().toString());
                    handled.get(number(request, "s")).add(number(request, "n"));
                    return Future.of(Response.ok());
                  });
              p.route(
                  "/open",
                  "Open.",
                  request -> {
                    handled.get(number(request, "s")).add(number(request, "n"));
                    return Future.of(Response.ok());
                  });
            }));
  }

  private void send(int sender, int requests, List<Future<Response>> answers) throws Exception {
    for (int n = 0; n < requests; n++) {
      String route = n % 5 == 0 ? "/p/open" : "/p/auth";
      answers.add(router.handle(Request.get(route + "?s=" + sender + "&n=" + n)));
      if (n % WINDOW == WINDOW - 1) {
        Expect.completed(answers.get(n));
      }
    }
    for (Future<Response> answer : answers) {
      Expect.completed(answer);
    }
  }

  @Test
  void requestsReachTheirHandlers_inOrder_andAllAreAnswered() throws Exception {
    List<List<Integer>> handled = new ArrayList<>();
    spawn(handled);
    int requests = Stress.times(3_000);
    List<List<Future<Response>>> answers = new ArrayList<>();
    for (int i = 0; i < SENDERS; i++) {
      answers.add(new ArrayList<>());
    }

    Stress.inParallel(SENDERS, sender -> send(sender, requests, answers.get(sender)));

    for (int sender = 0; sender < SENDERS; sender++) {
      List<Integer> expected = new ArrayList<>();
      for (int n = 0; n < requests; n++) {
        Future<Response> answer = answers.get(sender).get(n);
        if (answer.isReady() && answer.get().status().code() == 200) {
          expected.add(n);
        }
      }
      assertTrue(expected.size() > requests / 2, () -> "let through: " + expected.size());
      assertEquals(expected, handled.get(sender));
    }
  }

  /** Sends a request whose body comes after some time, before or after the requester is known. */
  private Future<Response> post(String target, String text) {
    Pipe<Chunk> pipe = Pipe.bytes();
    Future<Response> answer = router.handle(Request.post(target, Body.of(pipe.reader())));
    completions.add(
        () -> {
          pipe.writer().write(Chunk.utf8(text));
          pipe.writer().close();
        });
    return answer;
  }

  private PID<Plain> spawnEarly() {
    node.security().setAuthenticator("early", Authenticator.ofHead("Test", this::authenticate));
    node.security().setAuthorization(Map.of("/p/early", this::authorize));
    return node.spawn(
        new Plain(
            "p",
            p ->
                p.route(
                    Route.post("/early").realm("early"),
                    (request, principal) -> {
                      assertEquals(request.target(), principal.orElseThrow().toString());
                      return Future.of(Response.ok(request.text()));
                    })));
  }

  @Test
  void bodies_areCollectedForThoseWhoAreKnown_andAllAreAnswered() throws Exception {
    spawnEarly();
    int requests = Stress.times(2_000);
    AtomicInteger served = new AtomicInteger();
    Stress.inParallel(
        SENDERS,
        sender -> {
          List<Future<Response>> answers = new ArrayList<>();
          for (int n = 0; n < requests; n++) {
            answers.add(post("/p/early?s=" + sender + "&n=" + n, sender + ":" + n));
            if (n % WINDOW == WINDOW - 1) {
              Expect.completed(answers.get(n));
            }
          }
          for (int n = 0; n < requests; n++) {
            Expect.completed(answers.get(n));
            boolean refused = n % 3 > 0 && n % 17 > 0 && n % 17 < 4;
            Future<Response> answer = answers.get(n);
            if (!refused) {
              assertEquals(sender + ":" + n, answer.get().text());
              served.incrementAndGet();
            } else if (answer.isReady()) {
              assertEquals(500, answer.get().status().code());
            } else {
              assertEquals("no", answer.failure().getMessage());
            }
          }
        });
    assertTrue(served.get() > SENDERS * requests / 2, served::toString);
  }

  @Test
  void endOfTheProcess_answersWhoseBodiesAreUnderWay() throws Exception {
    int rounds = Stress.times(100);
    for (int round = 0; round < rounds; round++) {
      boolean inject = round % 2 == 0;
      PID<Plain> pid = spawnEarly();
      Stress.inParallel(
          SENDERS,
          sender -> {
            if (sender == 0) {
              node.terminate(pid, inject);
              return;
            }
            List<Future<Response>> answers = new ArrayList<>();
            for (int n = 0; n < 40; n++) {
              answers.add(post("/p/early?s=" + sender + "&n=" + n, "body"));
            }
            for (Future<Response> answer : answers) {
              Expect.completed(answer);
            }
          });
      assertTrue(node.await(pid, Duration.ofSeconds(Expect.SECONDS)));
    }
  }

  @Test
  void endOfTheProcess_leavesNobodyWaiting() throws Exception {
    int rounds = Stress.times(150);
    for (int round = 0; round < rounds; round++) {
      boolean inject = round % 2 == 0;
      PID<Plain> pid = spawn(new ArrayList<>());
      Stress.inParallel(
          SENDERS,
          sender -> {
            if (sender == 0) {
              node.terminate(pid, inject);
            } else {
              send(sender, 40, new ArrayList<>());
            }
          });
      assertTrue(node.await(pid, Duration.ofSeconds(Expect.SECONDS)));
    }
  }
}
