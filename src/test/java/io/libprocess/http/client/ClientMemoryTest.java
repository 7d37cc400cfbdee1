package io.libprocess.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.Response;
import io.libprocess.http.Status;
import io.libprocess.http.StatusException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The memory that a client holds for responses draws on the budget of its connections. */
class ClientMemoryTest {

  private final ClientFixture client = new ClientFixture();

  @AfterEach
  void close() {
    client.close();
    assertEquals(0, client.memory.used());
  }

  private static String head(int length) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n";
  }

  @Test
  void body_isCountedUntilItIsTheCallers() {
    Future<Response> response = client.send("/");
    client.receive(head(30_000));
    client.receive("x".repeat(20_000));
    assertTrue(client.memory.used() >= 20_000, client.memory.used() + " bytes");
    client.receive("x".repeat(10_000));

    assertEquals(30_000, response.get().bytes().size());
    assertEquals(0, client.memory.used());
  }

  @Test
  void body_thatDoesNotFitFails() {
    Future<Response> response = client.send("/");
    client.receive(head(200_000));
    for (int i = 0; i < 20 && response.isPending(); i++) {
      client.receive("x".repeat(10_000));
    }

    StatusException failure = assertInstanceOf(StatusException.class, response.failure());
    assertEquals(Status.SERVICE_UNAVAILABLE, failure.status());
    assertEquals("There is no memory left for the body.", failure.getMessage());
    client.channel.reset();
  }

  @Test
  void body_thatBreaksIsNotCountedAnyMore() {
    Future<Response> response = client.send("/");
    client.receive(head(30_000));
    client.receive("x".repeat(20_000));
    client.channel.reset();
    assertTrue(response.isFailed());
  }

  @Test
  void body_thatIsNotReadIsCounted() {
    Future<Response> response = client.stream("/");
    client.receive(head(30_000));
    client.receive("x".repeat(20_000));
    assertTrue(client.memory.used() >= 20_000, client.memory.used() + " bytes");
    assertEquals(20_000, ClientFixture.piece(ClientFixture.reader(response.get())).length());
    client.receive("x".repeat(10_000)); // It is counted when something happens.
    assertTrue(client.memory.used() < 20_000, client.memory.used() + " bytes");
    client.channel.reset();
  }

  @Test
  void partOfAHead_goesWithTheConnection() {
    client.send("/");
    client.receive("HTTP/1.1 200 OK\r\nX: " + "x".repeat(5000));
    client.channel.reset();
    assertEquals(0, client.memory.used());
  }

  @Test
  void partOfAHead_isCounted() {
    client.send("/");
    client.receive("HTTP/1.1 200 OK\r\nX: " + "x".repeat(5000));
    assertTrue(client.memory.used() >= 5000, client.memory.used() + " bytes");
    client.receive("\r\nContent-Length: 0\r\n\r\n");
  }
}
