package io.libprocess.cli;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.net.Address;
import java.io.PrintStream;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** The command {@code serve}. */
record Serve(Optional<InetAddress> ip, Optional<Integer> port) implements Subcommand {

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
    // An interrupted JVM would exit with the signal's number, although a drained node has done its
    // job.
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  node.close();
                  Runtime.getRuntime().halt(0);
                },
                "libprocess-shutdown"));
    awaitShutdown();
    return 0;
  }

  private static void awaitShutdown() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // Ends the command, which closes the node.
    }
  }
}
