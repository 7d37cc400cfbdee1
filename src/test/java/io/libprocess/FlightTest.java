package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.e2e.Program;
import io.libprocess.future.Future;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import io.libprocess.internal.flight.Flight;
import io.libprocess.net.Address;
import io.libprocess.support.Expect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The events of a node in the JDK's flight recorder. */
@Timeout(200)
class FlightTest {

  private static final class Desk extends Process<Desk> {
    Desk() {
      super("desk");
      mailboxLimit(2);
    }

    @Override
    protected void initialize() {
      route("/", "Answers.", request -> Future.of(Response.of(202)));
    }
  }

  /** Does everything once that is recorded. */
  private static void live(Node node) throws Exception {
    PID<Desk> desk = node.spawn(new Desk());
    Expect.ready(node.http().get(Url.of(node.address()).withTarget("/desk")));
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    desk.dispatch(
        d -> {
          reached.countDown();
          Expect.opened(goOn);
        });
    Expect.opened(reached);
    for (int i = 0; i < 4; i++) {
      desk.dispatch(d -> {});
    }
    Expect.until(() -> hasStalled(node)); // Others may stall before, while classes are loaded.
    goOn.countDown();
    Expect.until(() -> Expect.ready(desk.call(d -> true).recover(f -> Future.of(false))));
    Expect.ready(
        node.async(
            () -> {
              Thread.sleep(50);
              return null;
            }));
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    UPID gone = new UPID("gone", Address.loopback(port));
    assertEquals(Delivery.DROPPED, Expect.ready(node.postConfirmed(desk, gone, "m", new byte[0])));
  }

  private static boolean hasStalled(Node node) {
    Url page = Url.of(node.address()).withTarget("/debug/processes/desk");
    return Expect.ready(node.http().get(page)).text().contains("\"stalled_on\":\"DISPATCH ");
  }

  @Test
  void whatHappens_isRecordedAndReadable(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("node.jfr");
    Config config = Config.builder().workers(4).stallThreshold(Duration.ofMillis(50)).build();
    try (Node node = Node.start(config);
        Recording recording = new Recording()) {
      assertFalse(Flight.isOn());
      recording.start();
      assertTrue(Flight.isOn());
      live(node);
      recording.stop();
      Expect.until(() -> !Flight.isOn());
      recording.dump(file);
    }
    Map<String, List<RecordedEvent>> events =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().startsWith("io.libprocess."))
            .collect(Collectors.groupingBy(event -> event.getEventType().getName().substring(14)));

    RecordedEvent run = event(events, "ProcessRun", "process", "desk@");
    assertEquals(Desk.class.getName(), run.getClass("processClass").getName());
    assertTrue(run.getDuration().toMillis() >= 10, run.toString());
    RecordedEvent stall = event(events, "Stall", "event", "DISPATCH function=");
    assertTrue(stall.getString("process").startsWith("desk@"), stall.toString());
    assertEquals(2, event(events, "MailboxHighWater", "process", "desk@").getLong("waiting"));
    assertEquals(202, event(events, "Request", "route", "/desk").getInt("status"));
    event(events, "Connection", "remote", "127.0.0.1:");
    event(events, "MessageDropped", "to", "127.0.0.1:");
    assertTrue(events.get("AsyncCall").get(0).getBoolean("succeeded"));

    Program jfr = Program.named("jfr", "--version");
    String printed = jfr.run("print", "--events", "io.libprocess.*", file.toString());
    assertTrue(printed.contains("io.libprocess.Stall {"), printed);
    assertTrue(printed.contains("route = \"/desk\""), printed);
  }

  private static RecordedEvent event(
      Map<String, List<RecordedEvent>> events, String type, String field, String start) {
    return events.getOrDefault(type, List.of()).stream()
        .filter(event -> Objects.toString(event.getString(field)).startsWith(start))
        .findAny()
        .orElseThrow(() -> new AssertionError(type + " is not among " + events));
  }
}
