package io.libprocess.cli;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.Process;
import java.util.function.UnaryOperator;

/** A node in this JVM with the processes that the command {@code serve} runs. */
public final class ServedNode implements AutoCloseable {

  private final Node node;

  private ServedNode(Config config) {
    node = Node.start(config);
    node.spawn(new Echo());
    node.spawn(new Demo());
  }

  /** Starts it like {@code serve}, on any free port. */
  public static ServedNode start() {
    return start(config -> config);
  }

  /** Starts it with a changed configuration. */
  public static ServedNode start(UnaryOperator<Config.Builder> changes) {
    return new ServedNode(changes.apply(Config.builder().delegate(Demo.ID)).build());
  }

  /** Adds a test's process. */
  public <P extends Process<? super P>> ServedNode with(P process) {
    node.spawn(process);
    return this;
  }

  public Node node() {
    return node;
  }

  public int port() {
    return node.address().port();
  }

  @Override
  public void close() {
    node.close();
  }
}
