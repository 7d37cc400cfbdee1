package io.libprocess.net.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.Transport;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A raw channel is read unless one of two reasons speaks against it. */
class InputFlowTest {

  private final List<String> calls = new ArrayList<>();

  private final InputFlow flow =
      new InputFlow(
          (Transport.Channel)
              Proxy.newProxyInstance(
                  Transport.class.getClassLoader(),
                  new Class<?>[] {Transport.Channel.class},
                  (proxy, method, arguments) -> {
                    calls.add(method.getName());
                    return null;
                  }));

  private void assertCalls(String... expected) {
    assertEquals(List.of(expected), calls);
    calls.clear();
  }

  @Test
  void handler_pausesAndResumes() {
    assertFalse(flow.isPaused());
    flow.pause();
    assertTrue(flow.isPaused());
    assertCalls("pause");
    assertTrue(flow.resume());
    assertFalse(flow.isPaused());
    assertCalls("resume");
    assertFalse(flow.resume());
    assertCalls();
  }

  @Test
  void task_pausesWhileItRuns() {
    assertFalse(flow.taskRuns());
    flow.setTaskRuns(true);
    assertTrue(flow.taskRuns());
    assertFalse(flow.isPaused());
    assertCalls("pause");
    flow.setTaskRuns(false);
    assertFalse(flow.taskRuns());
    assertCalls("resume");
  }

  @Test
  void oneReason_isEnough() {
    flow.pause();
    flow.setTaskRuns(true);
    assertTrue(flow.resume());
    assertCalls("pause", "pause", "pause");
    flow.pause();
    flow.setTaskRuns(false);
    assertCalls("pause", "pause");
    flow.resume();
    assertCalls("resume");
  }
}
