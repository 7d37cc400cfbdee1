package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.metrics.Metrics;
import io.libprocess.service.ResponseClassifier;
import io.libprocess.service.Service;
import io.libprocess.service.filter.MetricsFilter;
import io.libprocess.support.ChildProgram;
import io.libprocess.support.SmallStack;
import io.libprocess.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a JVM needs for the first time at the end of a stack, where no class can be loaded and no
 * lambda linked, was prepared before. Code of the first compiler has the small frames that get
 * close enough to the end.
 */
@Timeout(120)
class FirstUseTest {

  private static final int LENGTH = 4;

  @Test
  void chainOfPromises_endsAltogetherOrNotAtAll() throws Exception {
    assertEquals("broken 0\n", outputOf(Chains.class));
  }

  @Test
  void filterWithMetrics_leavesNothingPending() throws Exception {
    assertEquals("pending 0.0\n", outputOf(Filters.class));
  }

  private static String outputOf(Class<?> program) throws Exception {
    return ChildProgram.outputOf(program, "-XX:TieredStopAtLevel=1");
  }

  /** Sets a chain of promises at each depth. */
  static final class Chains {

    private static void overflow(List<List<Promise<Integer>>> chains) {
      List<Promise<Integer>> chain = new ArrayList<>();
      for (int i = 0; i < LENGTH; i++) {
        chain.add(new Promise<>());
      }
      for (int i = 1; i < LENGTH; i++) {
        Promise<Integer> next = chain.get(i);
        chain.get(i - 1).future().onAny(done -> next.set(1));
      }
      chains.add(chain);
      chain.get(0).set(1);
      overflow(chains);
    }

    public static void main(String[] arguments) {
      List<List<Promise<Integer>>> chains = new ArrayList<>();
      SmallStack.run(
          () -> {
            try {
              overflow(chains);
            } catch (StackOverflowError e) {
              // As intended.
            }
          });
      long broken =
          chains.stream()
              .filter(
                  chain -> chain.stream().map(p -> p.future().isPending()).distinct().count() > 1)
              .count();
      System.out.print("broken " + broken + "\n");
    }
  }

  /** Calls itself through a filter that counts. */
  static final class Filters {

    public static void main(String[] arguments) {
      Metrics metrics = new Metrics();
      MetricsFilter<String, String> filter =
          new MetricsFilter<>(metrics, "x", ResponseClassifier.standard(), Clock.system());
      List<Service<String, String>> self = new ArrayList<>();
      self.add(filter.andThen(request -> self.get(0).call(request)));
      Future<String> response = SmallStack.call(() -> self.get(0).call("q"));
      if (response.isFailed()) {
        System.out.print("pending " + metrics.snapshot().get().get("x/pending") + "\n");
      }
      System.exit(0);
    }
  }
}
