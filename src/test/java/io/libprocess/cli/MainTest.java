package io.libprocess.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that end without a signal, run in this JVM. */
@Timeout(60)
class MainTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) {
    return Main.run(
        List.of(args),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /** The content of standard error, which is one line that describes the error. */
  private String errLine() {
    assertEquals(1, err().lines().count(), err());
    assertTrue(err().startsWith("libprocess: "), err());
    return err();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void nothing_printsUsage() {
    assertEquals(0, run());
    assertTrue(out().startsWith("Usage: java -jar libprocess.jar COMMAND"), out());
    assertEquals("", err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"help", "--help", "-h"})
  void help_printsUsage(String line) {
    assertEquals(0, run(line));
    assertEquals(Main.USAGE, out());
    assertEquals("", err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"help send", "send --help", "send -h", "--help send"})
  void helpOfACommand_isAboutThatOnly(String line) {
    assertEquals(0, run(line.split(" ")));
    assertTrue(out().contains("send ID@HOST:PORT NAME"), out());
    assertFalse(out().contains("serve"), out());
    assertEquals("", err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"version", "--version"})
  void version_isOneLine(String line) {
    assertEquals(0, run(line));
    assertTrue(out().startsWith("libprocess "), out());
    assertTrue(out().contains("Java " + Runtime.version()), out());
    assertEquals(1, out().lines().count());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sevre|sevre",
        "serve --prot 1|--prot",
        "serve --port|--port",
        "serve --port x|x",
        "serve --port 65536|65536",
        "serve --ip 300.1.1.1|300.1.1.1",
        "serve --ip localhost|localhost",
        "serve more|more",
        "help me|me",
        "help send more|more",
        "version now|now",
        "send|receiver",
        "send echo@127.0.0.1:1|name",
        "send echo ping|echo",
        "send echo@127.0.0.1:0 ping|echo@127.0.0.1:0",
        "send echo@127.0.0.1:70000 ping|echo@127.0.0.1:70000",
        "send echo@127.0.0.1:1 ping hello more|more",
        "send echo@127.0.0.1:1 ping --wait soon|soon",
        "send echo@127.0.0.1:1 ping --wiat 2s|--wiat"
      })
  void wrongArgument_isNamed(String line, String named) {
    assertEquals(2, run(line.split(" ")));
    String first = err().lines().findFirst().orElseThrow();
    assertTrue(first.startsWith("libprocess: "), first);
    assertTrue(first.contains("'" + named + "'") || first.contains(named), first);
    assertTrue(err().endsWith(Main.USAGE), err());
    assertEquals("", out());
  }

  @Test
  void send_printsTheReply() {
    try (ServedNode node = ServedNode.start()) {
      String echo = "echo@127.0.0.1:" + node.port();

      assertEquals(0, run("send", echo, "ping", "hello"), this::err);
      assertEquals(0, run("send", echo, "ping"), this::err);
      assertEquals(
          0, run("send", echo.replace("127.0.0.1", "localhost"), "ping", "grüße", "--wait", "30s"));
      assertEquals("pong hello\npong\npong grüße\n", out().replace("\r", ""));
    }
  }

  @Test
  void send_withoutAReply_fails() {
    try (ServedNode node = ServedNode.start()) {
      String echo = "echo@127.0.0.1:" + node.port();

      assertEquals(1, run("send", echo, "nothing", "--wait", "100ms"));
      assertTrue(errLine().contains("no reply from " + echo + " within 100 ms"), err());
    }
  }

  @Test
  void send_toNobody_saysWhy() throws IOException {
    String nobody = "echo@127.0.0.1:" + freePort();

    assertEquals(1, run("send", nobody, "ping", "--wait=30secs"));
    assertTrue(errLine().contains(nobody), err());
    assertTrue(err().contains("Connection refused"), err());
    assertEquals("", out());
  }

  @Test
  void send_toAProcessThatIsNotThere_saysSoAtOnce() {
    try (ServedNode node = ServedNode.start()) {
      String missing = "ohce@127.0.0.1:" + node.port();

      assertEquals(1, run("send", missing, "ping", "--wait=30secs"));
      assertTrue(errLine().contains("there is no process " + missing), err());
    }
  }

  @Test
  void serve_onAPortInUse_saysSo() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertEquals(1, run("serve", "--port", "" + socket.getLocalPort()));
      assertTrue(errLine().contains("127.0.0.1:" + socket.getLocalPort()), err());
      assertTrue(err().contains("in use"), err());
    }
  }

  @Test
  void serve_onAnIpThatIsNotHere_saysSo() {
    assertEquals(1, run("serve", "--ip", "192.0.2.1"));
    assertTrue(errLine().contains("192.0.2.1"), err());
  }

  @Test
  void send_leavesThePortOfAServedNodeAlone() {
    try (ServedNode node = ServedNode.start()) {
      System.setProperty("libprocess.port", "" + node.port());
      try {
        assertEquals(0, run("send", "echo@127.0.0.1:" + node.port(), "ping"), this::err);
      } finally {
        System.clearProperty("libprocess.port");
      }
    }
  }

  @Test
  void systemProperty_thatIsWrong_isNamed() {
    System.setProperty("libprocess.io.threads", "0");
    try {
      assertEquals(1, run("serve"));
    } finally {
      System.clearProperty("libprocess.io.threads");
    }
    assertTrue(errLine().contains("LIBPROCESS_IO_THREADS"), err());
  }
}
