package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.actor.BoundedCell;
import io.libprocess.actor.ProcessCell;
import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.Future;
import io.libprocess.support.ChildProgram;
import io.libprocess.support.Expect;
import io.libprocess.support.LogCapture;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A handler that recurses without end harms only its own process, whatever it does meanwhile. */
@Timeout(300)
class RunawayRecursionTest {

  private static final int ROUNDS = 60;

  private final LogCapture log = new LogCapture();
  private final Node node = Node.start(Config.builder().workers(2).build());

  @AfterEach
  void end() {
    node.close();
    log.close();
  }

  /** Recurses until the stack ends, from depths that differ a little. */
  private static final class Culprit extends Process<Culprit> {
    private final CheckedConsumer<? super Culprit> step;

    Culprit(CheckedConsumer<? super Culprit> step) {
      this.step = step;
    }

    int start(int shift) throws Exception {
      return shift == 0 ? visit(1) : start(shift - 1) + 1;
    }

    private int visit(int depth) throws Exception {
      step.accept(this);
      return visit(depth + 1) + 1;
    }
  }

  private void overflow(int shift, CheckedConsumer<? super Culprit> step) throws Exception {
    PID<Culprit> culprit = node.spawn(new Culprit(step));
    Future<Exit> exit = node.exit(culprit);
    culprit.dispatch(c -> c.start(shift));
    Exit why = Expect.ready(exit);
    assertInstanceOf(StackOverflowError.class, why.cause().orElseThrow());
  }

  @Test
  void dispatches_leaveTheMailboxOfTheReceiverWhole() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      PID<Plain> innocent = node.spawn(new Plain());
      AtomicInteger served = new AtomicInteger();
      overflow(round % 97, c -> innocent.dispatch(p -> served.incrementAndGet()));
      Expect.ready(innocent.call(p -> p));
      assertTrue(served.get() > 0);
      node.terminate(innocent);
    }
  }

  @Test
  void callsAndMessages_leaveTheMailboxOfTheReceiverWhole() throws Exception {
    for (int round = 0; round < ROUNDS / 4; round++) {
      Plain receiver = new Plain();
      PID<Plain> innocent = node.spawn(receiver);
      overflow(
          round,
          c -> {
            innocent.call(p -> p);
            c.send(innocent, "m");
          });
      Expect.ready(innocent.call(p -> p));
      assertTrue(!receiver.unhandled.isEmpty());
      node.terminate(innocent);
    }
  }

  @Test
  void boundedMailbox_losesNoPlace() throws Exception {
    final class Small extends Process<Small> {
      Small() {
        mailboxLimit(4);
      }
    }

    PID<Small> small = node.spawn(new Small());
    for (int round = 0; round < ROUNDS / 4; round++) {
      overflow(round, c -> small.dispatch(p -> {}));
      while (!small.cell().isIdle()) {
        Thread.onSpinWait();
      }
      assertEquals(0, ((BoundedCell) small.cell()).waiting());
    }
  }

  @Test
  void spawns_leaveNoIdTakenByNobody() throws Exception {
    for (int round = 0; round < ROUNDS / 20; round++) {
      String prefix = "spawned-" + round + "-";
      AtomicInteger number = new AtomicInteger();
      overflow(
          round,
          c -> {
            Plain plain = new Plain(prefix + number.get());
            number.incrementAndGet();
            c.node().terminate(c.node().spawn(plain));
          });
      assertTrue(number.get() > 0);
      for (int i = 0; i < number.get(); i++) {
        ProcessCell left = node.processes().findById(prefix + i);
        if (left != null) {
          left.terminate(true); // The last one may not have been asked.
          Expect.ready(left.ended());
        }
      }
    }
  }

  /**
   * In a JVM without compilers and with a small stack, where a mailbox that is not protected breaks
   * in the first rounds.
   */
  @Test
  void freshJvm_losesNoMailbox() throws Exception {
    String output = ChildProgram.outputOf(Program.class, "-Xint", "-Xss256k", "-Xmx200m");
    assertEquals("answers: 6, ends: 6\n", output);
  }

  /** The program that runs in a separate JVM. */
  static final class Program {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    public static void main(String[] arguments) {
      Node node = Node.start(Config.builder().workers(2).build());
      int answers = 0;
      int ends = 0;
      for (int round = 0; round < 6 && answers == round; round++) {
        int shift = round;
        PID<Plain> innocent = node.spawn(new Plain());
        PID<Culprit> culprit = node.spawn(new Culprit(c -> innocent.dispatch(p -> {})));
        Future<Exit> exit = node.exit(culprit);
        culprit.dispatch(c -> c.start(shift));
        ends += exit.await(LIMIT) ? 1 : 0;
        answers += innocent.call(p -> p).await(LIMIT) ? 1 : 0;
      }
      System.out.print("answers: " + answers + ", ends: " + ends + "\n");
      System.out.flush();
      Runtime.getRuntime().halt(0);
    }
  }
}
