package io.libprocess.benchmarks;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.util.Statistics;

/**
 * Runs benchmarks with JMH's own options and prints a Markdown table after JMH's summary: one row a
 * benchmark with the median, minimum and maximum over its iterations and, with {@code -prof gc},
 * the bytes allocated per operation.
 *
 * <pre>{@code
 * java -jar target/benchmarks.jar -prof gc FloorBenchmark
 * }</pre>
 */
public final class Main {

  private static final String HEADER =
      "| benchmark | parameters | median | min | max | unit | B/op |\n"
          + "|---|---|--:|--:|--:|---|--:|";

  private Main() {}

  /**
   * Runs the benchmarks that the options select.
   *
   * @param args JMH's options; {@code -h} explains them
   */
  public static void main(String[] args) throws Exception {
    CommandLineOptions options;
    try {
      options = new CommandLineOptions(args);
    } catch (CommandLineOptionException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    if (options.shouldHelp()) {
      options.showHelp();
      return;
    }
    Runner runner = new Runner(options);
    if (options.shouldList()) {
      runner.list();
    } else if (options.shouldListWithParams()) {
      runner.listWithParams(options);
    } else if (options.shouldListProfilers()) {
      options.listProfilers();
    } else if (options.shouldListResultFormats()) {
      options.listResultFormats();
    } else {
      run(runner);
    }
  }

  private static void run(Runner runner) {
    try {
      System.out.println();
      System.out.println(table(runner.run().stream()));
    } catch (NoBenchmarksException e) {
      System.err.println("no benchmark matches; -l lists them");
      System.exit(1);
    } catch (RunnerException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  private static String table(Stream<RunResult> results) {
    List<String> rows =
        results
            .sorted(Comparator.comparing(result -> result.getParams().id()))
            .map(Main::row)
            .toList();
    return HEADER + "\n" + String.join("\n", rows);
  }

  private static String row(RunResult result) {
    BenchmarkParams benchmark = result.getParams();
    Statistics statistics = result.getPrimaryResult().getStatistics();
    String name = benchmark.getBenchmark();
    List<String> cells =
        List.of(
            name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1),
            parameters(benchmark),
            number(statistics.getPercentile(50)),
            number(statistics.getMin()),
            number(statistics.getMax()),
            result.getPrimaryResult().getScoreUnit(),
            bytesPerOperation(result));
    return "| " + String.join(" | ", cells) + " |";
  }

  private static String parameters(BenchmarkParams benchmark) {
    return benchmark.getParamsKeys().stream()
        .map(key -> key + "=" + benchmark.getParam(key))
        .reduce((left, right) -> left + ", " + right)
        .orElse("");
  }

  private static String bytesPerOperation(RunResult result) {
    Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
    return allocated == null ? "" : number(allocated.getScore());
  }

  private static String number(double value) {
    String format = value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }
}
