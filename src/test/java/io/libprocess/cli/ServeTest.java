package io.libprocess.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.tls.Certificates;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command {@code serve} in a separate JVM. */
@Timeout(90)
class ServeTest {

  private static int port(ChildJvm child) throws IOException {
    String line = child.line();
    assertTrue(line.matches("Listening on http://127\\.0\\.0\\.1:\\d+/ .*"), line);
    return Integer.parseInt(line.replaceAll(".*:(\\d+)/.*", "$1"));
  }

  private static BufferedReader ask(Socket socket, String target) throws IOException {
    String request = "GET " + target + " HTTP/1.1\r\nHost: test\r\n\r\n";
    socket.setSoTimeout(30_000);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
  }

  private static String untilEmptyLine(BufferedReader in) throws IOException {
    String first = in.readLine();
    String line = first;
    while (line != null && !line.isEmpty()) {
      line = in.readLine();
    }
    return first;
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  @DisabledOnOs(OS.WINDOWS)
  void signal_letsRequestsInProgressEnd(String signal) throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    // A machine with much else to do is no reason to complain.
    Map<String, String> patient = Map.of("LIBPROCESS_STALL_THRESHOLD", "60secs");
    try (ChildJvm child = ChildJvm.start(patient, "serve")) {
      int port = port(child);
      try (Socket slow = new Socket(loopback, port);
          Socket idle = new Socket(loopback, port);
          Socket other = new Socket(loopback, port)) {
        BufferedReader answer = ask(slow, "/echo/slow?ms=1000");
        assertEquals("HTTP/1.1 200 OK", untilEmptyLine(ask(other, "/echo/status")));
        child.signal(signal);

        assertEquals("HTTP/1.1 200 OK", untilEmptyLine(answer));
        assertEquals("after 1000 ms", answer.readLine());
        assertEquals(-1, idle.getInputStream().read());
      }
      assertEquals(0, child.exitStatus());
      assertEquals("", child.err());
    }
  }

  /** By default closing would wait for ten seconds; here it would for an hour. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void secondSignal_endsAtOnce() throws Exception {
    Map<String, String> patient =
        Map.of("LIBPROCESS_STALL_THRESHOLD", "1hrs", "LIBPROCESS_DRAIN_TIMEOUT", "1hrs");
    try (ChildJvm child = ChildJvm.start(patient, "serve")) {
      InetAddress loopback = InetAddress.getLoopbackAddress();
      int port = port(child);
      try (Socket slow = new Socket(loopback, port);
          Socket other = new Socket(loopback, port)) {
        ask(slow, "/echo/slow?ms=3000000");
        assertEquals("HTTP/1.1 200 OK", untilEmptyLine(ask(other, "/echo/status")));
        child.signal("INT");
        child.signal("TERM");
        assertEquals(130, child.exitStatus());
      }
    }
  }

  @Test
  void addressWithTls_isAnnouncedAsHttps(@TempDir Path directory) throws Exception {
    Certificates certificates = new Certificates(directory);
    Certificates.Identity identity = certificates.forLocalhost(certificates.authority("serve"));
    Map<String, String> secure =
        Map.of(
            "LIBPROCESS_SSL_ENABLED", "true",
            "LIBPROCESS_SSL_CERT_FILE", identity.certificate().toString(),
            "LIBPROCESS_SSL_KEY_FILE", identity.key().toString());
    try (ChildJvm child = ChildJvm.start(secure, "serve", "--port", "0")) {
      String line = child.line();
      assertTrue(line.matches("Listening on https://127\\.0\\.0\\.1:\\d+/ .*"), line);
    }
  }

  @Test
  void wrongEnvironment_isOneLineAndStatus1() throws Exception {
    Map<String, String> wrong = new LinkedHashMap<>();
    wrong.put("LIBPROCESS_PORT", "abc");
    wrong.put("LIBPROCESS_IP", "127.0.0.256");
    wrong.put("LIBPROCESS_STALL_THRESHOLD", "soon");
    wrong.put("LIBPROCESS_ASYNC_THREADS", "green");
    Map<String, ChildJvm> children = new LinkedHashMap<>();
    for (Map.Entry<String, String> entry : wrong.entrySet()) {
      children.put(
          entry.getKey(),
          ChildJvm.start(Map.of(entry.getKey(), entry.getValue()), "serve", "--port", "0"));
    }
    for (Map.Entry<String, ChildJvm> entry : children.entrySet()) {
      try (ChildJvm child = entry.getValue()) {
        assertEquals(1, child.exitStatus(), entry.getKey());
        assertEquals(1, child.err().lines().count(), child.err());
        assertTrue(child.err().startsWith("libprocess: " + entry.getKey()), child.err());
        assertTrue(child.err().contains(wrong.get(entry.getKey())), child.err());
        assertFalse(child.err().contains("Exception"), child.err());
      }
    }
  }

  @Test
  void commandLine_inAJvmOfItsOwn_hasStatuses() throws Exception {
    try (ServedNode node = ServedNode.start();
        ChildJvm usage = ChildJvm.start(Map.of());
        ChildJvm wrong = ChildJvm.start(Map.of(), "sevre");
        ChildJvm inUse = ChildJvm.start(Map.of(), "serve", "--port", "" + node.port());
        ChildJvm send =
            ChildJvm.start(
                Map.of(),
                "send",
                "echo@127.0.0.1:" + node.port(),
                "ping",
                "hello",
                "--wait",
                "30s")) {
      assertTrue(usage.line().startsWith("Usage:"));
      assertEquals(0, usage.exitStatus());
      assertEquals(2, wrong.exitStatus());
      assertTrue(wrong.err().startsWith("libprocess: unknown command 'sevre'"), wrong.err());
      assertEquals(1, inUse.exitStatus());
      assertEquals(1, inUse.err().lines().count(), inUse.err());
      assertEquals("pong hello", send.line());
      assertEquals(0, send.exitStatus());
    }
  }
}
