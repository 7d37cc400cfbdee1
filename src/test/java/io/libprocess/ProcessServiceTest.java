package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.context.Context;
import io.libprocess.context.ContextKey;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceFactory;
import io.libprocess.service.ServiceStatus;
import io.libprocess.service.filter.ConcurrencyLimit;
import io.libprocess.service.stack.ClientStack;
import io.libprocess.service.stack.ServiceClient;
import io.libprocess.support.Expect;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Processes of this node and of others as services, before which all filters can stand. */
@Timeout(100)
class ProcessServiceTest {

  private static final ContextKey<String> USER = ContextKey.local("user");

  private final Node near = Node.start();
  private final Node far = Node.start();

  @AfterEach
  void close() {
    near.close();
    far.close();
  }

  /** Adds numbers up, and fails in several ways. */
  private static final class Adder extends Process<Adder> {
    private final Promise<Integer> later = new Promise<>();
    private int sum;

    Adder() {}

    Adder(String id) {
      super(id);
    }

    @Override
    protected void initialize() {
      installCall("add", Codec.INT, Codec.INT, (from, number) -> sum += number);
    }

    Future<Integer> serve(int number) throws Exception {
      return switch (number) {
        case -1 -> throw new Exception("negative");
        case -2 -> null;
        case -3 -> Future.abandoned();
        case -4 -> later.future();
        default -> Future.of(sum += number);
      };
    }
  }

  private static boolean isRetryable(Throwable failure) {
    return FlaggedFailure.has(failure, FailureFlag.RETRYABLE);
  }

  @Test
  void requests_areServedInTheProcess_behindFilters() {
    PID<Adder> pid = near.spawn(new Adder());
    Service<Integer, Integer> service =
        new ConcurrencyLimit<Integer, Integer>(1, 10).andThen(pid.service(Adder::serve));
    Future<Integer> first = service.call(1);
    Future<Integer> second = service.call(2);

    assertEquals(1, Expect.ready(first));
    assertEquals(3, Expect.ready(second));
    assertEquals(ServiceStatus.OPEN, service.status());
    Service<Integer, String> who =
        pid.service((adder, number) -> Future.of(USER.current().orElse("nobody")));
    assertEquals("ann", Expect.ready(Context.with(USER, "ann", () -> who.call(1))));
  }

  @Test
  void requestsThatTheProcessHasGot_failForGood() {
    Service<Integer, Integer> service = near.spawn(new Adder()).service(Adder::serve);
    for (int number : List.of(-1, -2, -3)) {
      assertFalse(isRetryable(Expect.failure(service.call(number))), "" + number);
    }
    assertEquals("negative", Expect.failure(service.call(-1)).getMessage());
    assertEquals(5, Expect.ready(service.call(5)), "the process lives on");
  }

  @Test
  void requestsThatNoProcessGets_mayBeSentAgain() {
    PID<Adder> pid = near.spawn(new Adder());
    Service<Integer, Integer> service = pid.service(Adder::serve);
    near.terminate(pid);
    near.await(pid);

    Throwable failure = Expect.failure(service.call(1));
    assertTrue(isRetryable(failure), failure.toString());
    assertEquals(ServiceStatus.BUSY, service.status());
  }

  @Test
  void requestsForAFullMailbox_areRefused_andMayBeSentAgain() {
    PID<Full> pid = near.spawn(new Full());
    Service<Integer, Integer> service = pid.service((full, number) -> Future.of(number));
    Promise<Integer> release = new Promise<>();
    Promise<Integer> entered = new Promise<>();
    pid.dispatch(
        full -> {
          entered.set(1);
          Expect.ready(release.future());
        });
    Expect.ready(entered.future());
    Future<Integer> waiting = service.call(1);
    Throwable failure = Expect.failure(service.call(2));
    release.set(1);

    assertTrue(isRetryable(failure), failure.toString());
    assertTrue(FlaggedFailure.has(failure, FailureFlag.REJECTED));
    assertEquals(1, Expect.ready(waiting));
  }

  private static final class Full extends Process<Full> {
    Full() {
      mailboxLimit(1);
    }
  }

  @Test
  void discard_reachesTheProcess() {
    Adder adder = new Adder();
    PID<Adder> pid = near.spawn(adder);
    Promise<Integer> asked = new Promise<>();
    adder.later.future().onDiscard(() -> asked.set(1));
    adder.later.future().onDiscard(adder.later::discard);
    Future<Integer> response = pid.<Integer, Integer>service(Adder::serve).call(-4);
    Expect.ready(pid.call(process -> 1)); // The request has arrived.
    response.discard();

    Expect.ready(asked.future());
    Expect.discarded(response);
  }

  /* ------ On other nodes ------ */

  private UPID remote(String id) {
    return new UPID(id, far.address());
  }

  @Test
  void processOfAnotherNode_isAService() {
    far.spawn(new Adder("adder"));
    Service<Integer, Integer> adder = near.service(remote("adder"), "add", Codec.INT, Codec.INT);
    assertEquals(7, Expect.ready(adder.call(7)));

    Service<Integer, Integer> nobody = near.service(remote("nobody"), "add", Codec.INT, Codec.INT);
    Throwable failure = Expect.failure(nobody.call(7));
    assertTrue(isRetryable(failure), failure.toString());
    assertInstanceOf(AskException.class, failure.getCause());
    Service<Integer, Integer> unknown =
        near.service(remote("adder"), "subtract", Codec.INT, Codec.INT);
    assertFalse(isRetryable(Expect.failure(unknown.call(7))));
  }

  /** All filters apply: what one process certainly has not got goes to another. */
  @Test
  void clientOfSeveralProcesses_asksThoseThatAreThere() throws Exception {
    far.spawn(new Adder("there"));
    ServiceClient<String, Integer, Integer> client =
        ClientStack.<Integer, Integer>named("adders")
            .totalTimeout(Duration.ofSeconds(60))
            .build(
                id -> ServiceFactory.of(near.service(remote(id), "add", Codec.INT, Codec.INT)),
                List.of("there", "gone"));
    for (int i = 1; i <= 20; i++) {
      assertEquals(i, Expect.ready(client.call(1)));
    }
    Expect.ready(client.close(Duration.ZERO));

    ServiceClient<String, Integer, Integer> lost =
        ClientStack.<Integer, Integer>named("lost")
            .build(
                id -> ServiceFactory.of(near.service(remote(id), "add", Codec.INT, Codec.INT)),
                List.of("gone"));
    Throwable failure = Expect.failure(lost.call(1));
    assertFalse(isRetryable(failure), "holds for one hop only");
    Expect.ready(lost.close(Duration.ZERO));
  }
}
