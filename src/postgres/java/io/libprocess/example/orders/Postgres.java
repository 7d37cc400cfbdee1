package io.libprocess.example.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.support.Expect;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A PostgreSQL server of its own, in a directory of its own, on a port of the loopback. It runs as
 * the user {@code postgres} if the tests run as root, whom PostgreSQL refuses.
 */
final class Postgres implements AutoCloseable {

  /** Below those that systems give to clients, so that no client takes it while it is free. */
  private static final int FIRST_PORT = 21_000;

  private final Path programs;
  private final Path directory;
  private final Path log;
  private final int port;
  private Process server;

  private Postgres(Path programs, Path directory, int port) {
    this.programs = programs;
    this.directory = directory;
    this.log = directory.resolve("log");
    this.port = port;
  }

  /** Starts a server with an empty database. */
  static Postgres start() throws Exception {
    Path directory = Files.createTempDirectory("libprocess-postgres-");
    Postgres postgres = new Postgres(programs(), directory, freePort());
    if (isRoot()) {
      run(List.of("chown", "postgres", directory.toString()), directory, new File("/dev/null"));
    }
    File output = new File("/dev/null");
    run(
        postgres.command(
            "initdb",
            "--no-sync",
            "--auth=trust",
            "--no-locale",
            "--encoding=UTF8",
            "--username=orders",
            "-D",
            postgres.data()),
        directory,
        output);
    postgres.restart();
    return postgres;
  }

  private static Path programs() throws IOException {
    try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(folder -> Files.isExecutable(folder.resolve("postgres")))
          .findAny()
          .orElseThrow(() -> new AssertionError("PostgreSQL is not installed"));
    }
  }

  private static int freePort() throws IOException {
    for (int port = FIRST_PORT; ; port++) {
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        if (port > FIRST_PORT + 1000) {
          throw e;
        }
      }
    }
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private String data() {
    return directory.resolve("data").toString();
  }

  private List<String> command(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(arguments));
    return command;
  }

  private static void run(List<String> command, Path directory, File output) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output)
            .start();
    assertEquals(0, process.waitFor(), () -> String.join(" ", command));
  }

  /** The URL of the database; a query that takes longer than a second is cancelled there. */
  String url() {
    return "jdbc:postgresql://127.0.0.1:"
        + port
        + "/postgres?user=orders&connectTimeout=1&socketTimeout=10"
        + "&ApplicationName=orders&options=-c%20statement_timeout=1000";
  }

  /** A connection for the test itself. */
  Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=orders&ApplicationName=test");
  }

  private boolean answers() {
    try (Connection connection = connect()) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  /** Starts it after it was killed, and waits until it has recovered. */
  void restart() throws IOException {
    List<String> command =
        command(
            "postgres",
            "-D",
            data(),
            "-p",
            "" + port,
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
            "-c",
            "fsync=off",
            "-c",
            "max_connections=30",
            "-c",
            "shared_buffers=16MB");
    Expect.until(
        () -> {
          if (server == null || !server.isAlive()) { // The old one may still be going.
            server =
                new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
          }
          Thread.sleep(50);
          return answers();
        });
  }

  /** Kills all its processes. */
  void kill() {
    List<ProcessHandle> children = server.descendants().toList();
    server.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    Expect.until(() -> !server.isAlive());
  }

  /** Stops it at once, as {@code pg_ctl stop -m immediate} does: without a checkpoint. */
  void stopImmediately() throws Exception {
    run(command("pg_ctl", "stop", "-m", "immediate", "-D", data()), directory, log.toFile());
    server.waitFor();
  }

  @Override
  public void close() throws IOException {
    kill();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
    }
  }
}
