package io.libprocess.http.client;

import static io.libprocess.http.client.ClientFixture.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.HttpClients;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import io.libprocess.http.http1.FakeChannel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One connection of HTTP/1.1 for which many wait. */
class ClientPoolTest extends HttpClientFixture {

  private static final Url OTHER = Url.parse("http://127.0.0.2:82/");

  @BeforeEach
  void useOne() {
    client.close();
    client = client(ClientSettings.builder().perHost(1).connections(1).build());
  }

  @Test
  void nextRequestToTheSameServer_goesBeforeThoseToOthers() {
    client.get(URL);
    Future<Response> other = client.get(OTHER);
    Future<Response> same = client.get(URL);
    FakeChannel channel = open(0);
    channel.takeSent();
    channel.receive(ok("first"));
    assertFalse(channel.isClosed());
    assertTrue(channel.takeSent().startsWith("GET /path?q "));
    channel.receive(ok("same"));
    assertEquals("same", same.get().text());
    assertTrue(channel.isClosed());
    open(1).receive(ok("other"));
    assertEquals("other", other.get().text());
  }

  @Test
  void connectionThatIsIdleForLongest_makesRoomForAnotherServer() {
    client.close();
    client = client(ClientSettings.builder().perHost(2).connections(2).build());
    client.get(URL);
    client.get(URL);
    FakeChannel first = open(0);
    FakeChannel second = open(1);
    second.receive(ok("second"));
    first.receive(ok("first"));
    client.get(OTHER);
    assertTrue(second.isClosed());
    assertFalse(first.isClosed());
    assertEquals(3, network.dials.size());
  }

  @Test
  void requestThatHasWaitedForAUsedConnection_isRepeatedIfThatIsDead() {
    client.get(URL);
    Future<Response> second = client.get(URL);
    FakeChannel channel = open(0);
    channel.receive(ok("first"));
    channel.reset();
    open(1).receive(ok("second"));
    assertEquals("second", second.get().text());
  }

  @Test
  void connectionThatBreaksAtOnce_isReplaced() {
    Future<Response> response = client.get(URL);
    network.dials.get(0).openBroken();
    assertTrue(response.isPending(), response::toString);
    assertEquals(1, HttpClients.pool(client).open());
    open(1).receive(ok("again"));
    assertEquals("again", response.get().text());
  }
}
