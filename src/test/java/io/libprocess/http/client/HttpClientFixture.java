package io.libprocess.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.http.ClientSettings;
import io.libprocess.http.HttpClient;
import io.libprocess.http.HttpClients;
import io.libprocess.http.Url;
import io.libprocess.http.http1.FakeChannel;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;

/** A pooled client on a network that the test controls. */
abstract class HttpClientFixture {

  static final Url URL = Url.parse("http://127.0.0.1:81/path?q");

  final Clock clock = Clock.paused(Instant.EPOCH);
  final FakeTransport network = new FakeTransport();
  HttpClient client = client(ClientSettings.builder().perHost(2).connections(3).queued(4).build());

  HttpClient client(ClientSettings settings) {
    return HttpClients.on(network, clock, settings);
  }

  @AfterEach
  void close() {
    client.close();
    assertEquals(0, HttpClients.pool(client).open());
    assertEquals(0, HttpClients.pool(client).hosts());
    assertEquals(0, HttpClients.pool(client).remembered());
    clock.close();
  }

  FakeChannel open(int dial) {
    return network.dials.get(dial).open();
  }

  void passTime(Duration duration) {
    clock.advance(duration);
    clock.settle();
  }
}
