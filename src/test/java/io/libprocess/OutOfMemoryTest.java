package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.support.ChildProgram;
import io.libprocess.support.Expect;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process that fills the heap ends, and the others go on. */
@Timeout(120)
class OutOfMemoryTest {

  @Test
  void processThatFillsTheHeap_endsAndItsLinkersAreTold() throws Exception {
    String output = ChildProgram.outputOf(Program.class, "-Xmx48m");
    assertEquals("exit FAILED, told FAILED, behind abandoned, answers 1\n", output);
  }

  /** The program that runs in a JVM with a small heap. */
  static final class Program {

    private static final class Hog extends Process<Hog> {
      private Object chain;

      void fill() {
        while (true) {
          chain = new Object[] {chain, null, null};
        }
      }
    }

    public static void main(String[] arguments) throws Exception {
      Node node = Node.start(Config.builder().workers(2).build());
      PID<Hog> hog = node.spawn(new Hog());
      Plain linker = new Plain();
      PID<Plain> linking = node.spawn(linker);
      Plain.link(linking, hog, RemoteConnection.REUSE);
      io.libprocess.future.Future<Exit> exit = node.exit(hog);
      hog.dispatch(Hog::fill);
      io.libprocess.future.Future<Integer> behind = hog.call(h -> 1);
      exit.await(Duration.ofSeconds(50));
      Plain.Gone gone = linker.gone.take();
      System.out.print(
          "exit "
              + exit.get().reason()
              + ", told "
              + gone.reason()
              + ", behind "
              + (behind.isAbandoned() ? "abandoned" : behind.toString())
              + ", answers "
              + Expect.ready(linking.call(p -> 1))
              + "\n");
      System.out.flush();
      Runtime.getRuntime().halt(0);
    }
  }
}
