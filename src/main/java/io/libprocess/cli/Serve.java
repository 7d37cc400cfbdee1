package io.libprocess.cli;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.net.Address;
import java.io.PrintStream;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** The command {@code serve}. */
record Serve(Optional<InetAddress> ip, Optional<Integer> port) implements Subcommand {

  /** A drain that is over by then is not worth a word. */
  private static final long QUIET_MILLIS = 2_000;

  private static final long LOOK_MILLIS = 50;

  /** The exit status of a program that SIGINT ended. */
  private static final int INTERRUPTED = 130;

  static Serve parse(Arguments arguments) {
    Optional<InetAddress> ip = arguments.option("--ip", Address::parseIp);
    Optional<Integer> port =
        arguments.option(
            "--port", text -> Config.builder().port(Integer.parseInt(text)).build().port());
    arguments.end();
    return new Serve(ip, port);
  }

  @Override
  public int run(PrintStream out, PrintStream err) {
    Config.Builder config = Config.fromEnvironment().delegate(Demo.ID);
    ip.ifPresent(config::ip);
    port.ifPresent(config::port);
    Config built = config.build();
    Node node = Node.start(built);
    node.spawn(new Echo());
    node.spawn(new Demo());
    String scheme = built.tls().isPresent() ? "https" : "http";
    out.println("Listening on " + scheme + "://" + node.address() + "/ (see /help)");
    out.flush();
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> shutDown(node, built, err), "libprocess-shutdown"));
    awaitShutdown();
    return 0;
  }

  /** Drains the node inside a shutdown hook, and ends the JVM with the status. */
  private static void shutDown(Node node, Config config, PrintStream err) {
    Thread drain = new Thread(node::close, "libprocess-drain");
    drain.start();
    try {
      drain.join(QUIET_MILLIS);
      if (drain.isAlive()) {
        err.println(
            "Waiting up to "
                + config.drainTimeout().toSeconds()
                + " s for requests in progress, and then for processes; interrupt again to end at"
                + " once.");
      }
      while (drain.isAlive()) {
        if (signals() > 1) {
          Runtime.getRuntime().halt(INTERRUPTED);
        }
        drain.join(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Runtime.getRuntime().halt(INTERRUPTED);
    }
    // An interrupted JVM would exit with the signal's number; a drained node has done its job.
    Runtime.getRuntime().halt(0);
  }

  /**
   * How many signals the JVM is handling. Each that ends it has a thread, and the second one waits
   * for these hooks to end; {@code java.base} has no other way to see it.
   */
  private static long signals() {
    Thread[] threads = new Thread[Thread.activeCount() + 64];
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    int count = group.enumerate(threads, true);
    return Arrays.stream(threads, 0, count)
        .filter(thread -> thread.getName().matches("SIG(INT|TERM|HUP) handler"))
        .count();
  }

  private static void awaitShutdown() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // Ends the command, which closes the node.
    }
  }
}
