package io.libprocess.example.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;

/** An agent in a JVM of its own. */
final class AgentJvm implements AutoCloseable {

  private final Process process;

  /**
   * Starts one.
   *
   * @param master the UPID of its master
   * @param port the port to listen on; 0 for any
   * @param reachedAt the port at which others reach it; 0 for the same
   */
  AgentJvm(String master, int slots, int port, int reachedAt) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder =
        new ProcessBuilder(
            java,
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "-Dlibprocess.port=" + port,
            "-cp",
            System.getProperty("java.class.path"),
            Agent.class.getName(),
            master,
            "" + slots,
            "" + reachedAt);
    process = builder.redirectOutput(Redirect.DISCARD).redirectError(Redirect.INHERIT).start();
  }

  /** Sends it a signal. */
  void signal(String name) throws Exception {
    List<String> command = List.of("kill", "-" + name, "" + process.pid());
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
