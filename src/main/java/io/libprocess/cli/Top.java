package io.libprocess.cli;

import io.libprocess.http.Body;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.HttpClient;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.ServerEvent;
import io.libprocess.http.Url;
import io.libprocess.internal.Reason;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.stream.Stream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/**
 * The command {@code top}: the observer of a node in a terminal.
 *
 * @param url of the observer's stream
 * @param order the order of the processes
 * @param rows how many processes are shown
 * @param count how often the table is printed; 0 means until interrupted
 * @param isJson whether each table is printed as one line of JSON
 */
record Top(Url url, TopTable.Order order, int rows, int count, boolean isJson)
    implements Subcommand {

  private static final int DEFAULT_ROWS = 20;
  private static final int MOST_ERROR = 8 << 10;

  /** Moves the cursor to the upper left corner. */
  private static final String HOME = "\u001b[H";

  private static final String CLEAR_LINE = "\u001b[K";
  private static final String CLEAR_REST = "\u001b[J";

  static Top parse(Arguments arguments) {
    TopTable.Order order = arguments.option("--sort", Top::order).orElse(TopTable.Order.BUSY);
    int rows = arguments.option("--rows", Integer::parseInt).orElse(DEFAULT_ROWS);
    int count = arguments.option("--count", Integer::parseInt).orElse(0);
    boolean isJson = arguments.flag("--json");
    String node = arguments.word("node, such as 127.0.0.1:5050");
    arguments.end();
    return new Top(stream(node), order, rows, count, isJson);
  }

  private static TopTable.Order order(String text) {
    try {
      return TopTable.Order.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "not one of busy, events, waiting, stall: '" + text + "'", e);
    }
  }

  private static Url stream(String node) {
    String base = node.contains("://") ? node : "http://" + node;
    try {
      Url parsed = Url.parse(base);
      return Url.parse(parsed.scheme() + "://" + parsed.authority() + "/observer/stream");
    } catch (IllegalArgumentException e) {
      throw new UsageException("not of the form host:port: '" + node + "'");
    }
  }

  @Override
  public int run(PrintStream out, PrintStream err) {
    try (HttpClient client = HttpClient.start(ClientSettings.defaults())) {
      Response response = client.stream(url, Request.get("/observer/stream")).get();
      if (response.status().code() != 200) {
        String text = response.buffered(MOST_ERROR).get().text().strip();
        err.println("libprocess: " + url + " answers " + response.status() + ": " + text);
        return 1;
      }
      Stream<Chunk> bytes = ((Body.Streamed) response.body()).reader().stream();
      return show(bytes.via(ServerEvent.decode(Integer.MAX_VALUE)).reader(), out);
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      err.println("libprocess: " + url + ": " + Reason.of(cause));
      return 1;
    }
  }

  private int show(Pipe.Reader<ServerEvent> events, PrintStream out) {
    TopTable table = new TopTable(order, rows);
    boolean isScreen = !isJson && isTerminal();
    int printed = 0;
    while (count == 0 || printed < count) {
      Optional<ServerEvent> next = events.read().get();
      if (next.isEmpty() || out.checkError()) {
        break;
      }
      ServerEvent event = next.get();
      if (event.type().equals("hello")) {
        table.hello(event.data());
      } else if (event.type().equals("tick")) {
        table.tick(event.data());
        print(table, isScreen, out);
        printed++;
      }
    }
    events.close();
    return 0;
  }

  private void print(TopTable table, boolean isScreen, PrintStream out) {
    if (isJson) {
      out.println(table.json());
    } else {
      List<String> lines = table.lines();
      String end = isScreen ? CLEAR_LINE + "\n" : "\n";
      String text = String.join(end, lines) + end;
      out.print(isScreen ? HOME + text + CLEAR_REST : text + "\n");
    }
    out.flush();
  }

  /** Whether the output is a terminal, as opposed to a file or another program. */
  private static boolean isTerminal() {
    try {
      String output = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
      return output.startsWith("/dev/pts/") || output.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return System.console() != null;
    }
  }
}
