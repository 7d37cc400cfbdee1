package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.support.Expect;
import io.libprocess.support.LogCapture;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The observations of a node's processes and threads, and the reports of stalls. */
@Timeout(100)
class NodeWatchTest {

  private static double read(Node node, String name) {
    Map<String, Double> all = Expect.ready(node.metrics().snapshot());
    assertTrue(all.containsKey(name), () -> name + " is not in " + all);
    return all.get(name);
  }

  @Test
  void processes_areCountedByClass() {
    String name = "libprocess/processes{class=\"" + Plain.class.getName() + "\"}";
    try (Node node = Node.start(Config.builder().build())) {
      PID<Plain> one = node.spawn(new Plain());
      node.spawn(new Plain());
      assertEquals(2, read(node, name));
      node.terminate(one);
      node.await(one);
      assertEquals(1, read(node, name));
    }
  }

  @Test
  void events_areCountedAndMeasuredNowAndThen() {
    try (Node node = Node.start(Config.builder().build())) {
      PID<Plain> pid = node.spawn(new Plain());
      double before = read(node, "libprocess/events");
      Expect.until(
          () -> {
            for (int i = 0; i < 1000; i++) {
              pid.dispatch(p -> {});
            }
            Expect.ready(pid.call(p -> null));
            return read(node, "libprocess/event_wait") > 0
                && read(node, "libprocess/event_run") > 0;
          });
      assertTrue(read(node, "libprocess/events") > before + 1000);
    }
  }

  @Test
  void waitingEvents_areCountedThoughNobodyServesThem() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    try (Node node = Node.start(Config.builder().workers(4).build())) {
      PID<Plain> pid = node.spawn(new Plain("stuck"));
      CountDownLatch reached = new CountDownLatch(1);
      pid.dispatch(
          p -> {
            reached.countDown();
            Expect.opened(goOn);
          });
      Expect.opened(reached);
      for (int i = 0; i < 7; i++) {
        pid.dispatch(p -> {});
      }
      assertEquals(7, read(node, "libprocess/mailbox_depth{percentile=\"100\"}"));
      assertTrue(read(node, "libprocess/events_waiting") >= 7);
      assertTrue(read(node, "libprocess/workers_busy") >= 1);
      Expect.until(() -> read(node, "libprocess/workers_stuck") >= 1);
      goOn.countDown();
      Expect.ready(pid.call(p -> null));
      // The call is answered before its event is counted as served.
      Expect.until(() -> read(node, "libprocess/mailbox_depth{percentile=\"100\"}") == 0);
    }
  }

  @Test
  void handOffs_areCounted() {
    try (Node node = Node.start(Config.builder().build())) {
      PID<Plain> one = node.spawn(new Plain());
      PID<Plain> two = node.spawn(new Plain());
      Expect.until(
          () -> { // The watchdog may take the task out of the slot.
            Expect.ready(one.callAsync(p -> two.call(q -> null)));
            return read(node, "libprocess/hand_offs") >= 1;
          });
    }
  }

  @Test
  void blockingCalls_areCountedWhileTheyRun() {
    CountDownLatch goOn = new CountDownLatch(1);
    try (Node node = Node.start(Config.builder().build())) {
      var call =
          node.async(
              () -> {
                Expect.opened(goOn);
                return null;
              });
      assertEquals(1, read(node, "libprocess/blocking_calls"));
      goOn.countDown();
      Expect.ready(call);
      Expect.until(() -> read(node, "libprocess/blocking_calls") == 0);
      assertEquals(1, read(node, "libprocess/blocking_calls_begun"));
    }
  }

  @Test
  void stall_isReportedWithTheEvent() throws Exception {
    Config config = Config.builder().stallThreshold(Duration.ofMillis(20)).build();
    CountDownLatch goOn = new CountDownLatch(1);
    try (LogCapture log = new LogCapture();
        Node node = Node.start(config)) {
      PID<Staller> pid = node.spawn(new Staller(goOn));
      node.post(new UPID("me", node.address()), pid, "dawdle", new byte[0]);
      String text = log.text(log.await("name=dawdle"));
      assertTrue(text.contains("Process staller@"), text);
      assertTrue(text.contains("of class " + Staller.class.getName()), text);
      assertTrue(text.contains("MESSAGE from=me@"), text);
      assertTrue(text.contains("NodeWatchTest$Staller.lambda"), text);
      goOn.countDown();
    }
  }

  private static final class Staller extends Process<Staller> {
    private final CountDownLatch goOn;

    Staller(CountDownLatch goOn) {
      super("staller");
      this.goOn = goOn;
    }

    @Override
    protected void initialize() {
      install("dawdle", (from, body) -> Expect.opened(goOn));
    }
  }
}
