package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.subprocess.Command;
import io.libprocess.subprocess.ExitStatus;
import io.libprocess.subprocess.Signal;
import io.libprocess.subprocess.Subprocess;
import io.libprocess.support.Expect;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Children of the operating system that a node has started. */
@DisabledOnOs(OS.WINDOWS)
class ChildrenTest {

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  @Test
  void closingANode_killsItsChildren() throws Exception {
    Subprocess child;
    try (Node node = Node.start(Config.builder().build())) {
      child = Expect.ready(node.run(Command.shell("sleep 1000 & exec sleep 1000")));
      assertTrue(isAlive(child.pid()));
    }
    ExitStatus status = Expect.ready(child.status());
    assertTrue(status.signal().equals(Optional.of(Signal.KILL)), status::toString);
    assertFalse(isAlive(child.pid()));
  }

  @Test
  void childOfAClosedNode_isRefused() throws Exception {
    Node node = Node.start(Config.builder().build());
    node.close();
    assertThrows(
        AssertionError.class, () -> Expect.ready(node.run(Command.shell("exec sleep 1000"))));
  }

  @Test
  void child_thatEndsFirstIsForgotten() throws Exception {
    try (Node node = Node.start(Config.builder().build())) {
      Subprocess child = Expect.ready(node.run(Command.shell("exit 3")));
      assertTrue(Expect.ready(child.status()).code() == 3);
    }
  }
}
