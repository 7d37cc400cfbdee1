package io.libprocess.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Version;
import io.libprocess.http.access.Access;
import io.libprocess.http.access.RequestAccess;
import io.libprocess.http.http1.Recurrence;
import io.libprocess.metrics.Metrics;
import io.libprocess.net.Address;
import io.libprocess.remote.links.LinkEnd;
import io.libprocess.remote.links.LocalProcess;
import io.libprocess.remote.links.ProcessName;
import io.libprocess.remote.wire.NodeSecret;
import io.libprocess.web.Firewall;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests that are messages, and their answers. */
class MessageReceiverTest {

  private static final RequestAccess<Request, Version, Headers, Body, Address, ?> REQUESTS =
      Access.to(Request.class);

  private static final int SIZE = 10;

  private final List<String> delivered = new ArrayList<>();
  private LocalNode.Outcome outcome = LocalNode.Outcome.ACCEPTED;
  private Promise<Void> room; // Null if there is room.
  private NodeSecret secret; // Null if there is none.
  private final List<TestProcess> processes = new ArrayList<>();

  private final LonelyNode node =
      new LonelyNode() {
        @Override
        public Optional<NodeSecret> secret() {
          return Optional.ofNullable(secret);
        }

        @Override
        public Optional<LocalProcess> find(String id) {
          return processes.stream()
              .filter(process -> process.name().id().equals(id))
              .<LocalProcess>map(process -> process)
              .findFirst();
        }

        @Override
        public Inbox inbox(ProcessName from, String to, String name) {
          return new Inbox() {
            @Override
            public Outcome deliver(byte[] body) {
              String text = new String(body, StandardCharsets.UTF_8);
              delivered.add(from.id() + " " + to + " " + name + " " + text);
              return outcome;
            }

            @Override
            public Future<Void> whenRoom() {
              return room == null ? null : room.future();
            }
          };
        }
      };

  private final Firewall firewall = new Firewall(Optional.empty());
  private Remote remote = remote(false);
  private MessageReceiver receiver = remote.receiver();

  private Remote remote(boolean checkSenders) {
    return new Remote(
        node,
        new RemoteLimits(SIZE, 1 << 20, 100, 1 << 20, 10, Duration.ofMinutes(1), Duration.ZERO),
        new Metrics(),
        () -> 1,
        checkSenders,
        firewall);
  }

  @AfterEach
  void close() {
    remote.close();
    node.close();
  }

  private static Request message(String target, String body) {
    return Request.post(target, Body.of(body)).withHeader("Libprocess-From", "a@1.2.3.4:5");
  }

  private Response answer(Request request) {
    Future<Response> answer = receiver.handle(request).orElseThrow();
    assertTrue(answer.isReady(), answer::toString);
    return answer.get();
  }

  private int code(Request request) {
    return answer(request).status().code();
  }

  @Test
  void request_withoutASender_isNoMessage() {
    assertTrue(receiver.handle(Request.post("/x/ping", Body.of(""))).isEmpty());
    Request get = Request.get("/x/ping").withHeader("Libprocess-From", "a@1.2.3.4:5");
    assertTrue(receiver.handle(get).isEmpty());
    assertEquals(400, code(message("/x", "").withHeader("Libprocess-From", "nobody")));
  }

  @Test
  void answer_saysWhatBecameOfTheMessage() {
    assertEquals(202, code(message("/x/ping", "hello")));
    outcome = LocalNode.Outcome.NO_PROCESS;
    assertEquals(404, code(message("/x/ping", "")));
    outcome = LocalNode.Outcome.MAILBOX_FULL;
    assertEquals(503, code(message("/x/ping", "")));
    assertEquals(List.of("a x ping hello", "a x ping ", "a x ping "), delivered);
  }

  @Test
  void answer_waitsForRoom() {
    room = new Promise<>();
    Future<Response> answer = receiver.handle(message("/x/ping", "a")).orElseThrow();
    assertEquals(1, delivered.size());
    assertTrue(answer.isPending());
    room.set(null);
    assertEquals(202, answer.get().status().code());
  }

  @Test
  void body_mayHaveAsManyBytesAsTheLimitSays() {
    assertEquals(202, code(message("/x/ping", "x".repeat(SIZE))));
    assertTrue(receiver.handle(message("/x/ping", "x".repeat(SIZE + 1))).get().isFailed());
    assertEquals(1, delivered.size());
  }

  @Test
  void heartbeat_isAnsweredAsIfThereWereNobody() {
    assertEquals(404, code(message("/__heartbeat__", "")));
    assertEquals(List.of(), delivered);
    assertNull(receiver.recurrence(message("/__heartbeat__", "")));
  }

  @Test
  void linkRequests_ofOtherImplementationsAreMessages() {
    assertEquals(202, code(message("/__link__/x", "")));
    assertEquals(202, code(message("/__exited__/x", "")));
    assertEquals(202, code(message("/x/ping", "").withHeader("Libprocess-Link", "1.2")));
    assertEquals(3, delivered.size());
  }

  @Test
  void linkRequests_areChecked() {
    for (String id : new String[] {"__link__", "__exited__"}) {
      for (String tag : new String[] {"", "1", "x.y", "1.", ".1"}) {
        assertEquals(
            400, code(message("/" + id + "/x", "").withHeader("Libprocess-Link", tag)), tag);
      }
      assertEquals(
          400, code(message("/" + id + "/%zz", "").withHeader("Libprocess-Link", "1.2")), id);
    }
    Response none = answer(message("/__link__/x", "").withHeader("Libprocess-Link", "1.2"));
    assertEquals(404, none.status().code());
    assertEquals(Optional.of("1.2"), none.headers().first("Libprocess-Link"));
    assertEquals(List.of(), delivered);
  }

  @Test
  void recurrence_deliversWhatNeedsNothingElse() {
    Request request = message("/x/ping", "");
    Recurrence recurrence = receiver.recurrence(request);
    assertNotNull(recurrence);
    assertEquals(202, recurrence.answer("0123456789".getBytes()).status().code());
    assertNull(recurrence.answer("0123456789a".getBytes()));
    outcome = LocalNode.Outcome.NO_PROCESS;
    assertEquals(404, recurrence.answer(new byte[0]).status().code());
    room = new Promise<>();
    assertNull(recurrence.answer(new byte[0]));
    assertEquals(List.of("a x ping 0123456789", "a x ping "), delivered);
    assertNull(receiver.recurrence(request.withHeader("Libprocess-Link", "1.2")));
    assertNull(receiver.recurrence(Request.post("/x/ping", Body.of(""))));
  }

  @Test
  void secret_isAskedForEachTime() {
    secret = new NodeSecret("a secret of nodes");
    Request stranger = message("/x/ping", "");
    String line = new String(secret.line(node.address()), StandardCharsets.US_ASCII);
    Request friend =
        stranger.withHeader("Libprocess-Secret", line.substring(line.indexOf(' ') + 1).strip());

    assertEquals(403, code(stranger));
    assertNull(receiver.recurrence(stranger));
    assertFalse(receiver.isFromNode(stranger));
    assertEquals(List.of(), delivered);
    assertEquals(202, code(friend));
    assertNotNull(receiver.recurrence(friend));
    assertTrue(receiver.isFromNode(friend));
  }

  @Test
  void target_thatIsMalformed_isRefused() {
    assertEquals(400, code(message("/%zz/ping", "")));
    assertNull(receiver.recurrence(message("/%zz/ping", "")));
  }

  @Test
  void node_isRecognizedByItsSender() {
    assertTrue(receiver.isFromNode(message("/x/ping", "")));
    assertFalse(receiver.isFromNode(Request.post("/x", Body.of(""))));
  }

  @Test
  void target_mayBeWrittenAsItIsIfThereIsSuchAProcess() {
    Request request = message("/a%20b/ping", "");
    assertEquals(202, code(request));
    assertNotNull(receiver.recurrence(request));
    processes.add(new TestProcess("a%20b"));
    assertEquals(202, code(request));
    assertNull(receiver.recurrence(request)); // It depends on what processes there are.
    processes.add(new TestProcess("a b"));
    assertEquals(202, code(request));
    assertNotNull(receiver.recurrence(request));
    assertEquals(List.of("a a b ping ", "a a%20b ping ", "a a b ping "), delivered);
  }

  @Test
  void target_mayHaveNoIdOrAPlus() {
    code(message("//ping", ""));
    code(message("/a+b/ping", ""));
    code(message("/+a/ping", ""));
    processes.add(new TestProcess("+a"));
    code(message("/+a/ping", ""));
    assertEquals(List.of("a  ping ", "a a b ping ", "a  a ping ", "a +a ping "), delivered);
  }

  @Test
  void recurrence_isNotForWhatNeedsMoreThanItsBody() {
    assertNull(receiver.recurrence(message("*", "")));
    assertNull(receiver.recurrence(message("/x/ping", "").withHeader("traceparent", "00-1-2-00")));
  }

  private static Address address(String text) {
    return ProcessName.parse("@" + text).orElseThrow().address();
  }

  /** A request as a server has received it from a client. */
  private static Request from(String client, Request request) {
    return REQUESTS.request(
        request.method(),
        request.target(),
        request.target().length(),
        Version.HTTP_1_1,
        true,
        request.headers(),
        request.body(),
        Future.of(Headers.empty()),
        address(client),
        0);
  }

  @Test
  void sender_hasToHaveTheIpOfItsConnectionIfThatIsChecked() {
    Request same = from("1.2.3.4:77", message("/x/ping", ""));
    Request other = from("1.2.3.5:5", message("/x/ping", ""));
    Request unknown = message("/x/ping", "");
    for (Request request : List.of(same, other, unknown)) {
      assertEquals(202, code(request));
      assertNotNull(receiver.recurrence(request));
    }
    remote.close();
    remote = remote(true);
    receiver = remote.receiver();
    assertEquals(202, code(same));
    assertNotNull(receiver.recurrence(same));
    for (Request request : List.of(other, unknown)) {
      assertEquals(400, code(request));
      assertNull(receiver.recurrence(request));
    }
    assertEquals(
        "UPID IP address validation failed: Message from a@1.2.3.4:5 was sent from IP 1.2.3.5:5",
        answer(other).text());
  }

  @Test
  void firewall_isAskedAboutTheReceiverAndTheName() {
    Request request = message("/x/ping", "");
    Recurrence recurrence = receiver.recurrence(request);
    List<String> asked = new ArrayList<>();
    firewall.set(
        List.of(
            (message, path) -> {
              asked.add(path);
              return path.equals("/x/ping")
                  ? Optional.of(Response.forbidden("no"))
                  : Optional.empty();
            }));
    assertEquals(403, code(request));
    assertNull(recurrence.answer(new byte[0]));
    assertEquals(List.of(), delivered);
    assertEquals(202, code(message("/x", "")));
    assertEquals(202, code(message("/a%20b/100%25", "")));
    assertEquals(List.of("/x/ping", "/x", "/a b/100%2525"), asked);
  }

  /* ------ Links ------ */

  private Request announcement(String id, String tag, long age) {
    return message("/__link__/" + id, "")
        .withHeader("Libprocess-Link", tag)
        .withHeader("Libprocess-Link-Age", "" + age);
  }

  private TestProcess add(String id) {
    TestProcess process = new TestProcess(id);
    processes.add(process);
    return process;
  }

  private Remote.Ended end(TestProcess process) {
    process.live = false;
    Remote.Ended ended = new Remote.Ended();
    remote.note(ended, process, LinkEnd.TERMINATED);
    return ended;
  }

  private void passSecond() {
    node.clock().advance(Duration.ofSeconds(1));
  }

  @Test
  void announcedLink_isRememberedUntilItsConnectionCloses() {
    add("x");
    Response answer = answer(from("1.2.3.4:77", announcement("x", "1.2", 0)));
    assertEquals(202, answer.status().code());
    assertEquals(Optional.of("1.2"), answer.headers().first("Libprocess-Link"));
    assertEquals(1, remote.linkedNodes());
    receiver.closed(null);
    receiver.closed(address("1.2.3.4:78"));
    assertEquals(1, remote.linkedNodes());
    receiver.closed(address("1.2.3.4:77"));
    assertEquals(0, remote.linkedNodes());
  }

  @Test
  void announcements_onOneConnectionAreOfOneNode() {
    add("x");
    assertEquals(202, code(from("1.2.3.4:77", announcement("x", "1.2", 0))));
    Request other =
        from(
            "1.2.3.4:77", announcement("x", "1.2", 0).withHeader("Libprocess-From", "a@1.2.3.4:6"));
    assertEquals(400, code(other));
    assertEquals(1, remote.linkedNodes());
  }

  @Test
  void announcement_ofALinkToAProcessThatHasEndedIsToldHow() {
    TestProcess process = add("x");
    end(process);
    passSecond();
    Response answer = answer(announcement("x", "1.2", 0));
    assertEquals(404, answer.status().code());
    assertEquals(
        Optional.of("1000000000 TERMINATED"), answer.headers().first("Libprocess-Link-End"));
    assertEquals(0, remote.linkedNodes());
  }

  @Test
  void announcement_whileTheProcessEndsIsToldByItsEnd() {
    TestProcess process = add("x");
    process.live = false; // Its end is about to be noted.
    assertEquals(202, code(announcement("x", "1.2", 0)));
    assertEquals(1, remote.linkedNodes());
    remote.tell(end(process));
    assertEquals(0, remote.linkedNodes());
    assertEquals(1, node.transport.connections.size()); // For the notice.
  }

  @Test
  void announcement_ofALinkMadeBeforeTheProcessBeganIsToItsPredecessor() {
    TestProcess predecessor = add("x");
    end(predecessor);
    processes.clear();
    add("x");
    passSecond();
    assertEquals(404, code(announcement("x", "1.2", 1_000_000_000)));
    assertEquals(202, code(announcement("x", "1.2", 999_999_999)));
  }

  private Request notice(String tag) {
    return message("/__exited__/x", "TERMINATED").withHeader("Libprocess-Link", tag);
  }

  @Test
  void noticeOfAnEnd_isForThoseWhoLinkedIfItHasTheSecret() {
    TestProcess linker = new TestProcess("linker");
    ProcessName ended = new ProcessName("x", address("1.2.3.4:5"));
    remote.link(linker, ended, false);
    assertEquals(202, code(notice("1.2"))); // The secret is another one.
    assertEquals(202, code(notice("0.1"))); // The link was made later.
    assertEquals(List.of(), linker.told);
    Response answer = answer(notice("1.1"));
    assertEquals(202, answer.status().code());
    assertEquals(Optional.of("1.1"), answer.headers().first("Libprocess-Link"));
    assertEquals(List.of(ended), linker.told);
    assertEquals(List.of(LinkEnd.TERMINATED), linker.ends);
    assertEquals(202, code(notice("1.1")));
    assertEquals(1, linker.told.size());
  }

  @Test
  void endsOfProcessesThatWereGivenNoId_areNotedOnceThereAreConnections() {
    TestProcess first = add("first");
    TestProcess second = add("second");
    first.named = false;
    second.named = false;
    end(first);
    receiver.connected();
    end(second);
    assertEquals(
        Optional.empty(),
        answer(announcement("first", "1.2", 0)).headers().first("Libprocess-Link-End"));
    assertEquals(
        Optional.of("0 TERMINATED"),
        answer(announcement("second", "1.2", 0)).headers().first("Libprocess-Link-End"));
  }
}
