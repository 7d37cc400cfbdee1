package io.libprocess.net.tls;

import static io.libprocess.net.tls.TlsFixture.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.Network;
import io.libprocess.net.Recorder;
import io.libprocess.net.Tls;
import io.libprocess.net.Transport;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Connections whose keys are used up and updated in use. A property that the JDK reads once decides
 * how much may be sent with one key, so this needs a separate JVM.
 */
@Timeout(180)
class KeyLimitTest {

  private static final int SIZE = 2_000_000;
  private static final String LIMIT =
      "jdk.tls.keyLimits=AES/GCM/NoPadding KeyUpdate 2^17, ChaCha20-Poly1305 KeyUpdate 2^17\n";

  @TempDir Path directory;

  @Test
  void keys_areUpdatedOnBothSidesUnderWay() throws Exception {
    Path properties = Files.writeString(directory.resolve("security"), LIMIT);
    Path output = directory.resolve("output");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.security.properties=" + properties,
                "-Djavax.net.debug=ssl:handshake",
                "-cp",
                System.getProperty("java.class.path"),
                KeyLimitTest.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertTrue(child.waitFor(120, TimeUnit.SECONDS), "the child did not end");
      List<String> lines = Files.readAllLines(output);
      String end = String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
      assertEquals(0, child.exitValue(), end);
      assertContains("echoed " + SIZE, end);
      // Each of the two directions has its keys on two sides.
      assertTrue(count(lines, "Produced KeyUpdate") > 20, () -> "too few updates: " + end);
      assertTrue(count(lines, "Consuming KeyUpdate") > 20, () -> "too few updates: " + end);
    } finally {
      child.destroyForcibly();
    }
  }

  private static long count(List<String> lines, String part) {
    return lines.stream().filter(line -> line.contains(part)).count();
  }

  /** Echoes bytes over TLS 1.3 and checks each of them. */
  public static void main(String[] arguments) throws Exception {
    TlsFixture.Shared shared = new TlsFixture.Shared(Path.of(arguments[0]));
    try (TlsFixture fixture = new TlsFixture()) {
      Transport.Listener listener = fixture.listen(shared.server().build(), Recorder::echo);
      Tls tls = shared.client().protocols(List.of("TLSv1.3")).build();
      Recorder client = fixture.connect(tls, listener.address());
      byte[] sent = new byte[SIZE];
      for (int i = 0; i < SIZE; i++) {
        sent[i] = (byte) ('a' + i % 23);
      }
      int size = 50_000;
      for (int i = 0; i < SIZE; i += size) {
        client.channel.write(ByteBuffer.wrap(sent, i, size));
        client.awaitText(i + size);
      }
      String got = client.awaitText(SIZE);
      assertEquals(new String(sent, StandardCharsets.US_ASCII), got);
      client.channel.end();
      Network.await(client.closed);
      assertTrue(client.failure.isEmpty(), client.failure::toString);
      System.out.println("echoed " + got.length());
    }
    System.exit(0);
  }
}
