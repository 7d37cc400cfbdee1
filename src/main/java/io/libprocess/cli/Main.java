package io.libprocess.cli;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;

/** The commands of the jar. */
public final class Main {

  static final String USAGE =
      """
      Usage: java -jar libprocess.jar COMMAND

        serve [--ip IP] [--port PORT]
            Starts a node with the processes 'echo' and 'demo', until it is interrupted.
        send ID@HOST:PORT NAME [BODY] [--wait DURATION]
            Sends one message, waits for a reply (2secs by default) and prints it.
        top HOST:PORT [--sort busy|events|waiting|stall] [--rows N] [--count N] [--json]
            Shows the processes of a node and what it does, once a second; N times if told.
            With --json each time is one line. The node's LIBPROCESS_OBSERVER must allow it.
        help
            Prints this text.

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
    if (args.isEmpty() || asksForHelp(args)) {
      return Main::help;
    }
    Arguments rest = new Arguments(args.subList(1, args.size()));
    return switch (args.get(0)) {
      case "serve" -> Serve.parse(rest);
      case "send" -> Send.parse(rest);
      case "top" -> Top.parse(rest);
      case "help" -> {
        rest.end();
        yield Main::help;
      }
      default -> throw new UsageException("unknown command '" + args.get(0) + "'");
    };
  }

  /** Whether {@code --help} stands in place of a command, or after one. */
  private static boolean asksForHelp(List<String> args) {
    String last = args.get(args.size() - 1);
    return args.size() <= 2 && (last.equals("--help") || last.equals("-h"));
  }

  private static int help(PrintStream out, PrintStream err) {
    out.print(USAGE);
    return 0;
  }
}
