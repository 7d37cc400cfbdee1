package io.libprocess;

import io.libprocess.net.Address;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A node in a JVM of its own, with a process {@code echo}. It ends with its standard input. */
final class RemoteChild implements AutoCloseable {

  private final java.lang.Process process;
  private final int port;

  RemoteChild() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath = System.getProperty("java.class.path");
    process =
        new ProcessBuilder(java, "-Xmx256m", "-cp", classPath, RemoteChild.class.getName())
            .redirectError(Redirect.INHERIT)
            .start();
    BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    port = Integer.parseInt(output.readLine());
  }

  /** The name of its process with an id. */
  UPID upid(String id) {
    return new UPID(id, Address.loopback(port));
  }

  /** Sends it SIGKILL. */
  void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    kill();
  }

  public static void main(String[] arguments) throws IOException {
    try (Node node = Node.start(Config.builder().build())) {
      node.spawn(new Plain("echo", p -> p.install("m", (from, body) -> p.send(from, "m", body))));
      System.out.println(node.address().port());
      while (System.in.read() >= 0) {}
    }
  }
}
