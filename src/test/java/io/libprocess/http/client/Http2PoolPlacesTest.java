package io.libprocess.http.client;

import static io.libprocess.http.server.Http2Wire.ACK;
import static io.libprocess.http.server.Http2Wire.goAway;
import static io.libprocess.http.server.Http2Wire.ping;
import static io.libprocess.http.server.Http2Wire.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.context.Context;
import io.libprocess.context.Trace;
import io.libprocess.future.Future;
import io.libprocess.http.HttpClients;
import io.libprocess.http.Limits;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Who gets the places of shared connections, and when another connection is made. */
class Http2PoolPlacesTest extends Http2PoolFixture {

  private static final Url OTHER = Url.parse("http://127.0.0.2:82/");
  private static final String GET = "HEADERS %d :method=GET /path?q END";

  private static boolean isLeft(Server server) {
    return server.channel.isClosed() || server.channel.closesAfterWrites();
  }

  private int open() {
    return HttpClients.pool(client).open();
  }

  /* ------ Places ------ */

  @Test
  void placesThatTheServerAdds_areGivenToThoseWhoWait() {
    useAtMost(1, 1);
    Future<Response> first = get();
    Server server = new Server(0, 3, 1);
    Future<Response> second = get();
    assertEquals(List.of(GET.formatted(1)), server.sent());
    server.receive(settings(3, 2));
    assertEquals(List.of(GET.formatted(3)), server.sent());

    server.channel.reset();
    assertEquals("Disconnected", first.failure().getMessage());
    new Server(1).answer(1, 200); // The second one has found it in use before.
    assertEquals(200, status(second));
  }

  @Test
  void connectionThatIsPerhapsDead_isGivenToNobodyBeforeItAnswers() {
    client.close();
    client =
        client(
            priorKnowledge()
                .limits(Limits.builder().headTime(Duration.ofSeconds(10)).build())
                .perHost(1)
                .build());
    Future<Response> first = get();
    Server server = new Server(0, 3, 1);
    Future<Response> waits = get();
    server.sent();
    passTime(Duration.ofSeconds(10));
    assertTrue(first.failure() instanceof TimeoutException, first::toString);
    assertEquals(List.of(), server.sent());
    server.receive(ping(ACK, "\0\0\0\0\0\0\0\3"));
    assertEquals(List.of(GET.formatted(3)), server.sent());
    server.answer(3, 200);
    assertEquals(200, status(waits));
  }

  @Test
  void connectionOfOneRequest_hasNoPlaceForOthers() {
    useAtMost(2, 2);
    Future<Response> misdirected = get();
    Server first = new Server(0, 3, 1);
    first.answer(1, 421);
    get();
    Future<Response> waits = get();
    Server own = new Server(1, 3, 100);
    assertEquals(List.of(GET.formatted(1)), own.sent());
    own.receive(settings(3, 200));
    assertEquals(List.of(), own.sent());
    own.receive(goAway(1, 0));
    own.answer(1, 200);
    assertEquals(200, status(misdirected));
    assertTrue(waits.isPending());
    first.answer(3, 200);
    first.answer(5, 204);
    assertEquals(204, status(waits));
  }

  @Test
  void connectionThatLeaves_makesRoomForAnother() {
    List<Server> servers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      get();
      servers.add(new Server(i, 3, 1));
    }
    Future<Response> waits = get();
    assertEquals(4, network.dials.size());
    servers.get(0).receive(goAway(1, 0));
    assertEquals(5, network.dials.size());
    new Server(4).answer(1, 204);
    assertEquals(204, status(waits));
  }

  @Test
  void connectionsThatLeave_areNotCountedAmongTheFour() {
    for (int i = 0; i < 5; i++) {
      get();
      new Server(i).receive(goAway(1, 0));
    }
    get();
    assertEquals(6, network.dials.size());
    assertEquals(6, open());
  }

  @Test
  void connectionsThatAreGone_areNotCountedAmongTheFour() {
    get();
    new Server(0, 3, 1);
    for (int i = 1; i < 5; i++) {
      Future<Response> response = get();
      new Server(i, 3, 1).channel.reset();
      assertEquals("Disconnected", response.failure().getMessage());
    }
    get();
    assertEquals(6, network.dials.size());
    assertEquals(2, open());
  }

  /** They may outlive the requests for which they are made. */
  @Test
  void connections_areMadeInNoContext() {
    Context traced = Context.empty().with(Trace.KEY, Trace.start(Trace.Sampling.YES, () -> 7));
    traced.call(this::get);
    new Server(0).answer(1, 421);
    traced.call(() -> client.connect(URL));
    assertEquals(3, network.dials.size());
    network.dials.forEach(dial -> assertTrue(dial.context.isEmpty(), dial.context::toString));
  }

  /* ------ Other servers ------ */

  @Test
  void connectionThatIsNotUsed_makesRoomForAnotherServer() {
    useAtMost(6, 1);
    Future<Response> first = get();
    Server server = new Server(0);
    server.answer(1, 200);
    assertEquals(200, status(first));
    assertFalse(isLeft(server));
    Future<Response> other = client.get(OTHER);
    assertTrue(isLeft(server));
    new Server(1).answer(1, 204);
    assertEquals(204, status(other));
    assertEquals(1, open());
  }

  @Test
  void requestToAnotherServer_dialsNoneButThat() {
    Future<Response> first = get();
    new Server(0).answer(1, 200);
    assertEquals(200, status(first));
    client.get(OTHER);
    assertEquals(2, network.dials.size());
  }

  /* ------ Failures ------ */

  @Test
  void failureToConnect_isToldOneAndTheNextIsTried() {
    Future<Response> first = get();
    Future<Response> second = get();
    assertEquals(1, network.dials.size());
    network.dials.get(0).fail("refused");
    assertEquals("refused", first.failure().getMessage());
    assertTrue(second.isPending());
    new Server(1).answer(1, 200);
    assertEquals(200, status(second));
  }

  @Test
  void failureToConnectForOneRequest_makesRoomForAnotherServer() {
    useAtMost(2, 2);
    Future<Response> misdirected = get();
    Server first = new Server(0);
    Future<Response> unanswered = get();
    first.answer(1, 421);
    Future<Response> other = client.get(OTHER);
    assertEquals(2, network.dials.size());
    network.dials.get(1).fail("refused");
    assertEquals("refused", misdirected.failure().getMessage());
    assertTrue(unanswered.isPending());
    new Server(2).answer(1, 200);
    assertEquals(200, status(other));
  }

  @Test
  void failureToConnectForOneRequest_leavesNothingBehind() {
    Future<Response> misdirected = get();
    Server first = new Server(0);
    first.answer(1, 421);
    first.channel.reset();
    network.dials.get(1).fail("refused");
    assertEquals("refused", misdirected.failure().getMessage());
    assertEquals(0, open());
    assertEquals(0, HttpClients.pool(client).hosts());
  }

  @Test
  void connectionThatBreaksAtOnce_isReplaced() {
    Future<Response> response = get();
    network.dials.get(0).openBroken();
    assertTrue(response.isPending(), response::toString);
    assertEquals(1, open());
    new Server(1).answer(1, 200);
    assertEquals(200, status(response));
  }

  @Test
  void connectionOfOneRequestThatBreaksAtOnce_failsIt() {
    Future<Response> response = get();
    new Server(0).answer(1, 421);
    network.dials.get(1).openBroken();
    assertEquals(
        "The server takes no request on a new connection", response.failure().getMessage());
    assertEquals(1, open());
  }
}
