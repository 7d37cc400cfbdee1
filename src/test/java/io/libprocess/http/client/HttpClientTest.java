package io.libprocess.http.client;

import static io.libprocess.http.client.ClientFixture.assertFailed;
import static io.libprocess.http.client.ClientFixture.ok;
import static io.libprocess.http.client.ClientFixture.reader;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.HttpClient;
import io.libprocess.http.HttpClients;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import io.libprocess.http.http1.FakeChannel;
import io.libprocess.net.Address;
import io.libprocess.net.UnixAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class HttpClientTest extends HttpClientFixture {

  private static final Url OTHER = Url.parse("http://127.0.0.2/");

  /* ------ Requests ------ */

  @Test
  void request_asItIsWritten() {
    Future<Response> response = client.get(URL);
    assertEquals(Address.parseIp("127.0.0.1"), network.dials.get(0).address.inet().get().ip());
    FakeChannel channel = open(0);
    assertEquals(
        "GET /path?q HTTP/1.1\r\nHost: 127.0.0.1:81\r\nAccept-Encoding: gzip\r\n\r\n",
        channel.takeSent());
    channel.receive(ok("hello"));
    assertEquals("hello", response.get().text());
  }

  @Test
  void request_methods() {
    client.post(URL, Body.of("body"), "text/x");
    assertTrue(
        open(0).takeSent().startsWith("POST /path?q HTTP/1.1\r\nHost: 127.0.0.1:81\r\nContent-Le"));
    client.put(URL, Body.empty(), "");
    FakeChannel put = open(1);
    assertTrue(put.takeSent().contains("\r\nContent-Length: 0\r\n"));
    put.receive(ok(""));
    client.delete(URL);
    assertTrue(put.takeSent().startsWith("DELETE /path?q HTTP/1.1\r\n"));
  }

  /** HTTPTest.Post, its first part. */
  @Test
  void post_withATypeButNoBodyFails() {
    assertFailed(
        "Attempted to do a POST with a Content-Type but no body",
        client.post(URL, Body.empty(), "text/plain"));
  }

  @Test
  void post_withATypeAndAnEmptyText() {
    client.post(URL, Body.of(""), "text/plain");

    String sent = open(0).takeSent();
    assertTrue(sent.contains("\r\nContent-Length: 0\r\n"), sent);
    assertTrue(sent.contains("\r\nContent-Type: text/plain\r\n"), sent);
  }

  @Test
  void request_withAFileIsRefused() {
    Body file = new Body.File(java.nio.file.Path.of("/etc/hostname"));
    assertTrue(client.put(URL, file, "").isFailed());
  }

  @Test
  void connect_toASocket() {
    client.get(Url.parse("http+unix://%2Frun%2Fa.sock/x"));
    assertEquals(new UnixAddress("/run/a.sock"), network.dials.get(0).address);
    assertTrue(open(0).takeSent().startsWith("GET /x HTTP/1.1\r\nHost: localhost\r\n"));
  }

  @Test
  void connect_triesEveryAddress() {
    Future<Response> response = client.get(Url.parse("http://localhost:1/"));
    int tried = 0;
    while (response.isPending()) {
      network.dials.get(tried++).fail("refused " + tried);
    }
    assertFailed("refused " + tried, response);
    assertEquals(tried, network.dials.size());
  }

  @Test
  void connect_unknownSchemeOrHost() {
    assertFailed("Unsupported URL scheme: 'ftp'", client.get(Url.parse("ftp://a:1/")));
    assertFailed(
        "Unknown host 'unknown.example'", client.get(Url.parse("http://unknown.example/")));
  }

  @Test
  void connect_isLimitedInTime() {
    Future<Response> response = client.get(URL);
    passTime(Duration.ofSeconds(10));
    assertFailed("No connection to 127.0.0.1 in PT10S", response);
    assertTrue(response.failure() instanceof TimeoutException);
    assertTrue(network.dials.get(0).isGivenUp());
  }

  /* ------ The pool ------ */

  @Test
  void pool_usesAConnectionAgain() {
    Future<Response> first = client.get(URL);
    FakeChannel channel = open(0);
    channel.receive(ok("1"));
    assertTrue(first.isReady());
    Future<Response> second = client.get(URL);
    channel.receive(ok("2"));
    assertEquals("2", second.get().text());
    assertEquals(1, network.dials.size());
  }

  /** The server has answered early: a next request would wait for the rest of the body. */
  @Test
  void pool_lendsNoConnectionWhoseRequestIsStillBeingSent() {
    Future<Response> first = client.post(URL, Body.of("x".repeat(100_000)), "text/plain");
    FakeChannel slow = network.dials.get(0).openSlow();
    slow.receive(ok("early"));
    assertEquals("early", first.get().text());
    assertTrue(slow.isClosed());

    Future<Response> second = client.get(URL);

    assertEquals(2, network.dials.size());
    open(1).receive(ok("2"));
    assertEquals("2", second.get().text());
  }

  /**
   * A request without a body leaves at once; counting it late is no reason to end the connection.
   */
  @Test
  void pool_usesAConnectionAgainWhoseRequestHadNoBody() {
    Future<Response> first = client.get(URL);
    FakeChannel channel = network.dials.get(0).openSlow();
    channel.receive(ok("1"));
    assertEquals("1", first.get().text());
    client.get(URL);

    assertEquals(1, network.dials.size());
  }

  @Test
  void pool_losesNoSlotToWhatCannotBeDialled() {
    for (int i = 300; i < 310; i++) {
      assertTrue(client.get(Url.parse("http://" + i + ".1.1.1/")).isFailed());
    }
    assertEquals(0, HttpClients.pool(client).open());
    Future<Response> redirected = client.followingRedirects(1).get(URL);
    open(0)
        .receive("HTTP/1.1 302 Found\r\nLocation: http://999.1.1.1/\r\nContent-Length: 0\r\n\r\n");
    assertTrue(redirected.isFailed(), redirected.toString());

    Future<Response> good = client.get(URL);
    network.dials.get(0).channel.receive(ok("good"));
    assertEquals("good", good.get().text());
  }

  @Test
  void close_ofADerivedClientLeavesItsParent() {
    HttpClient derived = client.followingRedirects(1);
    derived.connect(URL);
    FakeChannel given = open(0);
    derived.close();
    derived.close();

    assertTrue(given.isClosed());
    assertFailed("the client is closed", derived.get(URL));
    assertFailed("the client is closed", derived.connect(URL));
    Future<Response> response = client.get(URL);
    open(1).receive(ok("1"));
    assertEquals("1", response.get().text());
  }

  @Test
  void close_ofAClientClosesThoseDerivedFromIt() {
    HttpClient derived = client.followingRedirects(1);
    derived.connect(URL);
    FakeChannel given = open(0);
    client.close();

    assertTrue(given.isClosed());
    assertFailed("the client is closed", derived.get(URL));
  }

  @Test
  void pool_keepsOneRequestOnAConnection() {
    client.get(URL);
    client.get(URL);
    Future<Response> third = client.get(URL);
    assertEquals(2, network.dials.size());
    FakeChannel channel = open(0);
    channel.takeSent();
    open(1);
    assertEquals("", channel.takeSent());
    channel.receive(ok("1"));
    assertTrue(channel.takeSent().startsWith("GET /path?q"));
    channel.receive(ok("3"));
    assertEquals("3", third.get().text());
  }

  @Test
  void pool_makesRoomForAnotherServer() {
    client.get(URL);
    client.get(URL);
    client.get(OTHER);
    FakeChannel idle = open(0);
    open(1);
    idle.receive(ok(""));
    assertFalse(idle.isClosed());
    client.get(OTHER);
    assertTrue(idle.isClosed());
    assertEquals(4, network.dials.size());
    assertEquals(3, HttpClients.pool(client).open());
  }

  @Test
  void pool_servesWhoWaitsForAnotherServer() {
    client.get(URL);
    client.get(URL);
    client.get(OTHER);
    client.get(OTHER);
    assertEquals(3, network.dials.size());
    FakeChannel channel = open(0);
    open(1);
    channel.receive(ok(""));
    assertTrue(channel.isClosed());
    assertEquals(4, network.dials.size());
  }

  @Test
  void pool_limitsTheQueue() {
    for (int i = 0; i < 4; i++) {
      assertTrue(client.get(URL).isPending());
    }
    assertFailed("4 requests already wait for a connection", client.get(URL));
  }

  @Test
  void pool_hasRoomInTheQueueForOthersWhenRequestsAreGivenUp() {
    for (int i = 0; i < 3; i++) {
      List<Future<Response>> waiting = new ArrayList<>();
      for (int j = 0; j < 4; j++) {
        waiting.add(client.get(URL));
      }
      waiting.forEach(response -> assertTrue(response.isPending(), response::toString));
      waiting.forEach(Future::discard);
    }
    assertEquals(2, network.dials.size());
  }

  @Test
  void pool_remembersNoServerOfARequestThatItRefuses() {
    for (int i = 0; i < 4; i++) {
      client.get(URL);
    }
    assertTrue(client.get(OTHER).isFailed());
    assertEquals(1, HttpClients.pool(client).hosts());
  }

  @Test
  void pool_remembersNoServerOfARequestThatIsGivenUp() {
    client.get(URL);
    client.get(URL);
    client.get(OTHER);
    Future<Response> waiting = client.get(Url.parse("http://127.0.0.3:83/"));
    assertEquals(3, HttpClients.pool(client).hosts());
    waiting.discard();
    assertEquals(2, HttpClients.pool(client).hosts());
  }

  @Test
  void pool_usesTheConnectionAgainThatWasUsedLast() {
    client.get(URL);
    client.get(URL);
    FakeChannel first = open(0);
    FakeChannel last = open(1);
    first.receive(ok(""));
    last.receive(ok(""));
    first.takeSent();
    last.takeSent();
    client.get(URL);
    assertEquals("", first.takeSent());
    assertTrue(last.takeSent().startsWith("GET /path?q"));
  }

  @Test
  void pool_failsOneRequestForEachFailureToConnect() {
    Future<Response> first = client.get(URL);
    Future<Response> second = client.get(URL);
    Future<Response> third = client.get(URL);
    network.dials.get(1).fail("refused");
    assertFailed("refused", first);
    assertTrue(second.isPending() && third.isPending());
    assertEquals(3, network.dials.size());
    open(0).receive("");
    assertEquals(2, HttpClients.pool(client).open());
  }

  @Test
  void pool_forgetsIdleConnections() {
    client.get(URL);
    FakeChannel channel = open(0);
    channel.receive(ok(""));
    assertEquals(1, HttpClients.pool(client).idle());
    passTime(Duration.ofSeconds(30));
    assertTrue(channel.isClosed());
    assertEquals(0, HttpClients.pool(client).open());
  }

  @Test
  void pool_forgetsWhatTheServerEnds() {
    client.get(URL);
    client.get(URL);
    FakeChannel channel = open(0);
    open(1);
    channel.receive(ok(""));
    assertEquals(1, HttpClients.pool(client).idle());
    channel.receiveEnd();
    assertEquals(1, HttpClients.pool(client).open());
    assertEquals(0, HttpClients.pool(client).idle());
    client.get(URL);
    assertEquals(3, network.dials.size());
  }

  @Test
  void pool_doesNotKeepAConnectionThatIsToBeClosed() {
    client.get(URL);
    FakeChannel channel = open(0);
    channel.receive("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    assertTrue(channel.isClosed());
    assertEquals(0, HttpClients.pool(client).open());
  }

  @Test
  void pool_closedFailsEverything() {
    Future<Response> sent = client.get(URL);
    open(0);
    Future<Response> dialled = client.get(URL);
    Future<Response> waiting = client.get(URL);
    client.close();
    assertFailed("Disconnected", sent);
    assertTrue(dialled.isFailed() && waiting.isFailed());
    assertTrue(network.dials.get(1).isGivenUp());
    assertFailed("the client is closed", client.get(URL));
  }

  /* ------ Repetitions ------ */

  private FakeChannel usedConnection() {
    client.get(URL);
    FakeChannel channel = open(0);
    channel.receive(ok(""));
    channel.takeSent();
    return channel;
  }

  @Test
  void repetition_ofAnIdempotentRequestOnADeadConnection() {
    FakeChannel dead = usedConnection();
    Future<Response> response = client.get(URL);
    assertFalse(dead.takeSent().isEmpty());
    dead.reset();
    open(1).receive(ok("again"));
    assertEquals("again", response.get().text());
  }

  @Test
  void repetition_notOfAPost() {
    FakeChannel dead = usedConnection();
    Future<Response> response = client.post(URL, Body.of("x"), "");
    dead.reset();
    assertFailed("Disconnected", response);
  }

  @Test
  void repetition_notAfterTheFirstByteOfAResponse() {
    FakeChannel dead = usedConnection();
    Future<Response> response = client.stream(URL, Request.get("/"));
    dead.receive("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n");
    dead.reset();
    assertFailed("failed to decode body", reader(response.get()).read());
    assertEquals(1, network.dials.size());
  }

  @Test
  void repetition_notOnAFreshConnection() {
    Future<Response> response = client.get(URL);
    open(0).reset();
    assertFailed("Disconnected", response);
    assertEquals(1, network.dials.size());
  }

  /* ------ Discards ------ */

  @Test
  void discard_whileItWaits() {
    client.get(URL);
    client.get(URL);
    Future<Response> waiting = client.get(URL);
    waiting.discard();
    assertTrue(waiting.isDiscarded());
    FakeChannel channel = open(0);
    open(1);
    channel.takeSent();
    channel.receive(ok(""));
    assertEquals("", channel.takeSent());
  }

  @Test
  void discard_whileItConnectsLeavesTheConnectionForOthers() {
    Future<Response> response = client.get(URL);
    response.discard();
    assertTrue(response.isDiscarded());
    assertEquals("", open(0).takeSent());
    assertEquals(1, HttpClients.pool(client).idle());
  }

  @Test
  void discard_ofASentRequestEndsTheConnection() {
    Future<Response> response = client.get(URL);
    FakeChannel channel = open(0);
    response.discard();
    assertTrue(response.isDiscarded());
    assertTrue(channel.isClosed());
    assertEquals(0, HttpClients.pool(client).open());
  }

  @Test
  void discard_whileTheBodyIsReadEndsTheConnectionOfALongOne() {
    Future<Response> response = client.get(URL);
    FakeChannel channel = open(0);
    channel.receive("HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n");
    response.discard();
    assertTrue(response.isDiscarded());
    for (int i = 0; i < 100 && !channel.isClosed(); i++) {
      channel.receive("x".repeat(1000));
    }
    assertTrue(channel.isClosed());
  }

  @Test
  void discard_ofAShortBodyKeepsTheConnection() {
    Future<Response> response = client.stream(URL, Request.get("/"));
    FakeChannel channel = open(0);
    channel.receive("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
    reader(response.get()).close();
    channel.receive("x".repeat(10));
    assertEquals(1, HttpClients.pool(client).idle());
  }
}
