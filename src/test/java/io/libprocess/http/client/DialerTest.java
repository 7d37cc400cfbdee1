package io.libprocess.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.Url;
import io.libprocess.http.http1.FakeChannel;
import io.libprocess.http.http2.Http2Counts;
import io.libprocess.net.Transport;
import io.libprocess.time.Clock;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The addresses of a name that are tried, and when. */
class DialerTest {

  private static final Url URL = Url.parse("http://two.example/");

  private static final ClientConnection.Owner OWNER =
      new ClientConnection.Owner() {
        @Override
        public void idle(ClientConnection connection) {}

        @Override
        public void gone(ClientConnection connection) {}
      };

  private final Clock clock = Clock.paused(Instant.EPOCH);
  private final FakeTransport network = new FakeTransport();
  private final Dialer dialer =
      new Dialer(network, clock, ClientSettings.defaults(), Http2Counts.ofClient());

  @AfterEach
  void close() {
    clock.close();
  }

  private void pass(int millis) {
    clock.advance(Duration.ofMillis(millis));
    clock.settle();
  }

  private String address(int dial) {
    return network.dials.get(dial).address.toString();
  }

  @Test
  void hostThatIsAnAddress_isNotLookedUp() {
    for (String host :
        new String[] {"[::1]", "[0:0:0:0:0:0:0:1]", "[2001:db8:0:0:0:0:0:7]", "127.0.0.1"}) {
      network.dials.clear();
      dialer.dial(Url.parse("http://" + host + ":81/"), OWNER);
      assertEquals(host.replace("[::", "[0:0:0:0:0:0:0:") + ":81", address(0));
    }
  }

  /** Runs everything at once. */
  private static final Transport.Threads AT_ONCE =
      new Transport.Threads() {
        @Override
        public void run(Runnable callback) {
          callback.run();
        }

        @Override
        public void atEnd(Runnable flush) {
          flush.run();
        }

        @Override
        public Executor blocking() {
          return Runnable::run;
        }
      };

  /** What a client says before it knows the server. */
  private static String hello(String host, ClientSettings.Http2 http2) {
    FakeTransport network = new FakeTransport();
    try (Clock clock = Clock.paused(Instant.EPOCH)) {
      ClientSettings settings = ClientSettings.builder().http2(http2).build();
      new Dialer(network, clock, settings, Http2Counts.ofClient())
          .dial(Url.parse("https://" + host + ":81/"), OWNER);
      StringBuilder sent = new StringBuilder();
      Object channel =
          Proxy.newProxyInstance(
              Transport.class.getClassLoader(),
              new Class<?>[] {Transport.Channel.class},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "threads" -> AT_ONCE;
                    case "queued" -> 0L;
                    case "write" ->
                        sent.append(StandardCharsets.ISO_8859_1.decode((ByteBuffer) arguments[0]));
                    default -> null;
                  });
      network.dials.get(0).connected.apply((Transport.Channel) channel);
      return sent.toString();
    }
  }

  @Test
  void versions_thatAreOfferedInTls_areThoseOfTheSettings() {
    String both = "\u0002h2\u0008http/1.1"; // Each behind its length.
    assertTrue(hello("127.0.0.1", ClientSettings.Http2.ALPN).contains(both));
    assertTrue(hello("127.0.0.1", ClientSettings.Http2.PRIOR_KNOWLEDGE).contains(both));
    assertFalse(hello("127.0.0.1", ClientSettings.Http2.OFF).contains("http/1.1"));
  }

  @Test
  void name_isSaidInTls() {
    assertTrue(hello("two.example", ClientSettings.Http2.OFF).contains("two.example"));
  }

  @Test
  void silentAddress_isGivenAQuarterOfASecond() {
    Future<ClientConnection> dial = dialer.dial(URL, OWNER);
    assertEquals(1, network.dials.size());
    pass(249);
    assertEquals(1, network.dials.size());
    pass(1);
    assertEquals(2, network.dials.size());
    assertEquals("10.0.0.1:80", address(1));

    FakeChannel second = network.dials.get(1).open();

    assertSame(second, dial.get().channel());
    assertTrue(network.dials.get(0).isGivenUp());
    pass(1000);
    assertEquals(2, network.dials.size());
  }

  @Test
  void firstAddress_mayStillWin() {
    Future<ClientConnection> dial = dialer.dial(URL, OWNER);
    pass(250);
    FakeChannel first = network.dials.get(0).open();

    assertSame(first, dial.get().channel());
    assertTrue(network.dials.get(1).isGivenUp());
  }

  @Test
  void addressThatComesTooLate_isClosed() {
    network.stubborn = true;
    Future<ClientConnection> dial = dialer.dial(URL, OWNER);
    pass(250);
    FakeChannel first = network.dials.get(0).open();
    FakeChannel second = network.dials.get(1).open();

    assertSame(first, dial.get().channel());
    assertFalse(first.isClosed());
    assertTrue(second.isClosed());
  }

  @Test
  void nameThatIsNotFoundYet_isNotLookedForAnyMore() {
    Future<ClientConnection> dial = dialer.dial(Url.parse("http://slow.example/"), OWNER);
    dial.discard();

    assertTrue(dial.isDiscarded());
    assertTrue(network.slowNames.future().hasDiscard());
  }

  /** Between 50 and 200 ms, so that those that wait do not come back all at once. */
  @Test
  void pauses_differ() {
    int[] ended = {0};
    clock.advance(Duration.ofNanos(100_000));
    for (int i = 0; i < 150; i++) {
      clock.advance(Duration.ofNanos(1_000));
      dialer.pause(() -> ended[0]++);
    }
    pass(49);
    assertEquals(0, ended[0]);
    pass(1);
    assertTrue(ended[0] > 0, "none");
    pass(75);
    assertTrue(ended[0] > 70 && ended[0] < 80, ended[0] + " of 150");
    pass(73);
    assertTrue(ended[0] < 150, "all");
    pass(1);
    assertEquals(150, ended[0]);
  }

  @Test
  void failure_bringsTheNextAtOnce() {
    Future<ClientConnection> dial = dialer.dial(URL, OWNER);
    network.dials.get(0).fail("refused 1");
    assertEquals(2, network.dials.size());
    network.dials.get(1).fail("refused 2");
    assertTrue(dial.isPending());
    network.dials.get(2).fail("refused 3");

    assertEquals("refused 3", dial.failure().getMessage());
  }

  @Test
  void nextAddress_getsItsWholeQuarterOfASecond() {
    dialer.dial(URL, OWNER);
    pass(100);
    network.dials.get(0).fail("refused");
    assertEquals(2, network.dials.size());
    pass(249);
    assertEquals(2, network.dials.size());
    pass(1);
    assertEquals(3, network.dials.size());
  }

  @Test
  void end_leavesNoTimer() {
    Future<ClientConnection> dial = dialer.dial(URL, OWNER);
    assertTrue(clock.timers() > 0);
    network.dials.get(0).open();
    assertTrue(dial.isReady());
    assertEquals(0, clock.timers());
  }

  @Test
  void serverThatIsKnownToSpeakHttp2_getsThePrefaceAtOnce() {
    Dialer known =
        dialer.with(ClientSettings.builder().http2(ClientSettings.Http2.PRIOR_KNOWLEDGE).build());
    Future<ClientConnection> dial = known.dial(URL, OWNER);
    FakeChannel channel = network.dials.get(0).open();
    assertSame(channel, dial.get().channel());
    assertTrue(dial.get().isShared());
    assertTrue(channel.takeSent().startsWith("PRI * HTTP/2.0\r\n"));
    assertFalse(channel.isClosed());

    Future<ClientConnection> http1 = known.dial(URL, OWNER, true);
    FakeChannel plain = network.dials.get(1).open();
    assertFalse(http1.get().isShared());
    assertEquals("", plain.takeSent());
  }

  @Test
  void failure_waitsForThoseThatAreTried() {
    Future<ClientConnection> dial = dialer.dial(URL, OWNER);
    pass(250);
    pass(250);
    assertEquals(3, network.dials.size());
    assertEquals(1, clock.timers(), "of the whole attempt");
    network.dials.get(2).fail("refused");
    network.dials.get(1).fail("refused");
    assertTrue(dial.isPending());
    network.dials.get(0).open();

    assertTrue(dial.isReady());
  }

  @Test
  void timeAndDiscard_giveUpAll() {
    Future<ClientConnection> late = dialer.dial(URL, OWNER);
    pass(250);
    pass(9750);
    assertTrue(late.failure() instanceof TimeoutException, late.toString());
    assertTrue(network.dials.stream().allMatch(FakeTransport.Dial::isGivenUp));

    Future<ClientConnection> unwanted = dialer.dial(URL, OWNER);
    int dials = network.dials.size();
    unwanted.discard();
    pass(1000);
    assertTrue(unwanted.isDiscarded());
    assertEquals(dials, network.dials.size());
    assertTrue(network.dials.get(dials - 1).isGivenUp());
  }

  @Test
  void unknownHost_isNamed() {
    Future<ClientConnection> dial = dialer.dial(Url.parse("http://unknown.example/"), OWNER);
    assertEquals("Unknown host 'unknown.example'", dial.failure().getMessage());
  }

  /** Nothing is thrown where a future is promised. */
  @Test
  void whatCannotBeDialledFails() {
    for (String url :
        new String[] {
          "http://300.1.1.1/", "http://bad.example/", "http+unix://" + "x".repeat(200) + "/"
        }) {
      Future<ClientConnection> dial = dialer.dial(Url.parse(url), OWNER);
      boolean dialled = url.startsWith("http+unix") && dial.isPending(); // The network refuses it.
      assertTrue(dial.isFailed() || dialled, url + ": " + dial);
      assertFalse(dial.isReady());
    }
  }
}
