package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.libprocess.future.Future;
import io.libprocess.support.Expect;
import io.libprocess.support.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The effect of one event on the interrupt status of its thread does not reach the next event. */
class InterruptStatusTest {

  private final LogCapture log = new LogCapture();
  private final Node node = Node.start(Config.builder().workers(1).build());

  @AfterEach
  void end() {
    node.close();
    log.close();
  }

  @Test
  void event_leavesNoInterruptToTheNextOfItsProcess() throws Exception {
    PID<Plain> pid = node.spawn(new Plain());
    Future<Boolean> interrupted =
        Expect.ready(
            pid.call(
                p -> {
                  Future<Boolean> next = p.self().call(q -> Thread.currentThread().isInterrupted());
                  Thread.currentThread().interrupt();
                  return next;
                }));
    assertFalse(Expect.ready(interrupted));
  }

  @Test
  void event_leavesNoInterruptToOtherProcesses() throws Exception {
    PID<Plain> bad = node.spawn(new Plain());
    PID<Plain> good = node.spawn(new Plain());
    for (int i = 0; i < 50; i++) {
      Future<String> slept =
          bad.callAsync(
              p -> {
                Future<String> next =
                    good.call(
                        q -> {
                          Thread.sleep(1);
                          return "slept";
                        });
                Thread.currentThread().interrupt();
                return next;
              });
      assertEquals("slept", Expect.ready(slept));
    }
  }

  @Test
  void lastEvent_leavesNoInterrupt() throws Exception {
    PID<Plain> good = node.spawn(new Plain());
    PID<Plain> bad = node.spawn(new Plain());
    Future<Boolean> seen =
        Expect.ready(
            bad.call(
                p -> {
                  p.self()
                      .dispatch(
                          q -> {
                            Thread.currentThread().interrupt();
                            throw new IllegalStateException("for this test");
                          });
                  return good.call(q -> Thread.currentThread().isInterrupted());
                }));
    Expect.ready(node.exit(bad));
    assertFalse(Expect.ready(seen));
    boolean left = Expect.ready(good.call(q -> Thread.currentThread().isInterrupted()));
    assertFalse(left);
  }
}
