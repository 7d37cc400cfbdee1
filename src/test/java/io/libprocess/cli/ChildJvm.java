package io.libprocess.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The command line in a separate JVM. */
final class ChildJvm implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 30;

  private final Process process;
  private final BufferedReader out;
  private final CompletableFuture<String> err;

  private ChildJvm(Process process) {
    this.process = process;
    out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    err = CompletableFuture.supplyAsync(this::readErr);
  }

  static ChildJvm start(Map<String, String> environment, String... args) throws IOException {
    List<String> command = new ArrayList<>(signalsByDefault());
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("LIBPROCESS_"));
    builder.environment().putAll(environment);
    return new ChildJvm(builder.start());
  }

  /**
   * A prefix, where the system has one, that undoes what a shell does to commands in the
   * background: a JVM that starts with SIGINT ignored goes on ignoring it.
   */
  private static List<String> signalsByDefault() throws IOException {
    List<String> prefix = List.of("env", "--default-signal=INT");
    try {
      List<String> probe = new ArrayList<>(prefix);
      probe.add("true");
      return new ProcessBuilder(probe).start().waitFor() == 0 ? prefix : List.of();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private String readErr() {
    try {
      return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** The next line of the output, or null at its end. */
  String line() throws IOException {
    return out.readLine();
  }

  /** Sends a signal. */
  void signal(String name) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, "" + process.pid()).start();
    if (kill.waitFor() != 0) {
      throw new IOException("kill -" + name + " " + process.pid());
    }
  }

  int exitStatus() throws Exception {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("still running: " + process.info());
    }
    return process.exitValue();
  }

  /** All of standard error, once the child has ended. */
  String err() throws Exception {
    return err.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
