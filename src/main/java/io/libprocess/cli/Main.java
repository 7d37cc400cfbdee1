package io.libprocess.cli;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The commands of the jar. */
public final class Main {

  /** How each command is called and what it does, in the order of the usage text. */
  private static final Map<String, String> HELP = new LinkedHashMap<>();

  static {
    HELP.put(
        "serve",
        """
          serve [--ip IP] [--port PORT]
              Starts a node with the processes 'echo' and 'demo', until it is interrupted. Then it
              answers the requests in progress first; a second interrupt ends it at once.
        """);
    HELP.put(
        "send",
        """
          send ID@HOST:PORT NAME [BODY] [--wait DURATION]
              Sends one message, waits for a reply (2secs by default) and prints it.
        """);
    HELP.put(
        "top",
        """
          top HOST:PORT [--sort busy|events|waiting|stall] [--rows N] [--count N] [--json]
              Shows the processes of a node and what it does, once a second; N times if told.
              With --json each time is one line. The node's LIBPROCESS_OBSERVER must allow it.
        """);
    HELP.put(
        "help",
        """
          help [COMMAND]
              Prints this text, or that of one command.
        """);
    HELP.put(
        "version",
        """
          version
              Prints the version of the library and of the JVM.
        """);
  }

  static final String USAGE =
      "Usage: java -jar libprocess.jar COMMAND\n\n"
          + String.join("", HELP.values())
          + """

            Environment variables such as LIBPROCESS_IP and LIBPROCESS_NUM_WORKER_THREADS set up the
            node; options come first.
            """;

  private Main() {}

  /**
   * Runs a command; exits with 0, with 1 if it failed, or with 2 if its arguments are not
   * understood.
   */
  public static void main(String[] args) {
    System.exit(run(Arrays.asList(args), System.out, System.err));
  }

  static int run(List<String> args, PrintStream out, PrintStream err) {
    try {
      return command(args).run(out, err);
    } catch (UsageException e) {
      err.println("libprocess: " + e.getMessage());
      err.print(USAGE);
      return 2;
    } catch (IllegalArgumentException | java.io.UncheckedIOException e) {
      err.println("libprocess: " + e.getMessage());
      return 1;
    }
  }

  private static Subcommand command(List<String> args) {
    if (args.isEmpty()) {
      return printing(USAGE);
    }
    String name = args.get(0);
    if (args.size() == 2 && isHelp(args.get(1)) && HELP.containsKey(name)) {
      return printing(helpFor(name));
    }
    Arguments rest = new Arguments(args.subList(1, args.size()));
    return switch (name) {
      case "serve" -> Serve.parse(rest);
      case "send" -> Send.parse(rest);
      case "top" -> Top.parse(rest);
      case "help", "--help", "-h" -> {
        String text = rest.word().map(Main::helpFor).orElse(USAGE);
        rest.end();
        yield printing(text);
      }
      case "version", "--version" -> {
        rest.end();
        yield printing(version());
      }
      default -> throw unknown(name);
    };
  }

  private static boolean isHelp(String option) {
    return option.equals("--help") || option.equals("-h");
  }

  private static String helpFor(String command) {
    String text = HELP.get(command);
    if (text == null) {
      throw unknown(command);
    }
    return "Usage: java -jar libprocess.jar\n\n" + text;
  }

  private static UsageException unknown(String command) {
    return new UsageException("unknown command '" + command + "'");
  }

  private static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return "libprocess "
        + (version == null ? "(not from a jar)" : version)
        + ", Java "
        + Runtime.version()
        + System.lineSeparator();
  }

  private static Subcommand printing(String text) {
    return (out, err) -> {
      out.print(text);
      return 0;
    };
  }
}
