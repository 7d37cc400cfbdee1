package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.support.Expect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process that has unlinked is not told of the end, and others are. */
@Timeout(100)
class UnlinkTest {

  private final Node near = Node.start();
  private final Node far = Node.start();

  @AfterEach
  void close() {
    near.close();
    far.close();
  }

  private static void unlink(PID<Plain> linker, UPID to) {
    Expect.ready(
        linker.call(
            p -> {
              p.unlink(to);
              return p;
            }));
  }

  private void check(Node node) throws Exception {
    PID<Plain> target = node.spawn(new Plain("target"));
    UPID name = new UPID(target.id(), target.address());
    Plain first = new Plain();
    Plain second = new Plain();
    PID<Plain> unlinked = near.spawn(first);
    PID<Plain> linked = near.spawn(second);
    Plain.link(unlinked, name, RemoteConnection.REUSE);
    Plain.link(linked, name, RemoteConnection.REUSE);
    unlink(unlinked, name);
    unlink(unlinked, name); // It may be called again.
    unlink(linked, new UPID("other", name.address()));
    node.terminate(target);
    assertEquals(name, Expect.next(second.gone).pid());
    Expect.ready(unlinked.call(p -> p));
    assertTrue(first.gone.isEmpty());
    assertEquals(0, near.messages().remote().links(0).byNode().getOrDefault(node.address(), 0));
  }

  @Test
  void processOfTheSameNode() throws Exception {
    check(near);
  }

  @Test
  void processOfAnotherNode() throws Exception {
    check(far);
  }

  @Test
  void linkAfterAnUnlink_isToldOf() throws Exception {
    PID<Plain> target = far.spawn(new Plain("target"));
    UPID name = new UPID(target.id(), target.address());
    Plain plain = new Plain();
    PID<Plain> linker = near.spawn(plain);
    Plain.link(linker, name, RemoteConnection.REUSE);
    unlink(linker, name);
    Plain.link(linker, name, RemoteConnection.REUSE);
    far.terminate(target);
    assertEquals(name, Expect.next(plain.gone).pid());
  }
}
