package io.libprocess.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Url;
import io.libprocess.support.Expect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** While it is switched on, failures and pending calls tell their causes. */
@Timeout(100)
class CausalityTest {

  private final Node node = Node.start(Config.builder().causality(true).build());
  private final PID<Clerk> front = node.spawn(new Clerk("front"));
  private final PID<Clerk> back = node.spawn(new Clerk("back"));

  @AfterEach
  void close() {
    Causality.switchOff();
    node.close();
  }

  private static final class Clerk extends Process<Clerk> {
    Clerk(String id) {
      super(id);
    }

    Future<Integer> ask(PID<Clerk> other) {
      return other.call(Clerk::fail);
    }

    Future<Integer> work() {
      return node().async(() -> fail());
    }

    Integer fail() {
      throw new IllegalStateException("no");
    }
  }

  private static String origin(Future<?> failed) {
    Throwable failure = Expect.failure(failed);
    assertEquals(1, failure.getSuppressed().length, failure::toString);
    return failure.getSuppressed()[0].getMessage();
  }

  @Test
  void failure_tellsTheCallsByWhichItCame() {
    String origin = origin(front.callAsync(clerk -> clerk.ask(back)));
    String[] causes = origin.split(", in ");
    assertEquals(2, causes.length, origin);
    assertTrue(causes[0].startsWith("by call to back@"), origin);
    assertTrue(causes[0].contains("CausalityTest$Clerk.ask(CausalityTest.java:"), origin);
    assertTrue(causes[1].startsWith("call to front@"), origin);
    assertTrue(causes[1].contains("CausalityTest.failure_tellsTheCallsByWhichItCame("), origin);
  }

  @Test
  void failure_tellsOfTheBlockingCall() {
    String origin = origin(front.callAsync(Clerk::work));
    assertTrue(origin.startsWith("by async at "), origin);
    assertTrue(origin.contains("Clerk.work(") && origin.contains(", in call to front@"), origin);
  }

  @Test
  void dispatches_areInTheChain() {
    Promise<Future<Integer>> asked = new Promise<>();
    front.dispatch(clerk -> asked.set(clerk.ask(back)));
    String origin = origin(Expect.ready(asked.future()));
    assertTrue(origin.contains(", in dispatch to front@"), origin);
  }

  @Test
  void pendingCalls_tellWhoMadeThem() {
    Promise<Integer> never = new Promise<>();
    Future<Integer> pending = back.callAsync(clerk -> never.future());
    assertTrue(shown().contains("{\"to\":\"back\",\"since\":\""), shown());
    assertTrue(shown().contains("CausalityTest.pendingCalls_tellWhoMadeThem("), shown());
    never.set(1);
    Expect.ready(pending);
    Expect.until(() -> shown().equals("[]"));
  }

  private String shown() {
    return Expect.ready(node.http().get(Url.of(node.address()).withTarget("/debug/calls"))).text();
  }

  @Test
  void chains_areCutWhenTheyGetLong() {
    Future<Integer> failed = front.callAsync(clerk -> deep(front, 100));
    String origin = origin(failed);
    assertTrue(origin.split(", in ").length <= 32, origin);
  }

  private static Future<Integer> deep(PID<Clerk> pid, int left) {
    return left == 0 ? pid.call(Clerk::fail) : pid.callAsync(clerk -> deep(pid, left - 1));
  }

  @Test
  void whatIsOff_remembersNothing() {
    Causality.switchOff();
    assertEquals(0, Expect.failure(front.call(Clerk::fail)).getSuppressed().length);
    assertTrue(Causality.pending().isEmpty(), () -> Causality.pending().toString());
  }
}
