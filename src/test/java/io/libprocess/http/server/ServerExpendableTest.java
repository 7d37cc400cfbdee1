package io.libprocess.http.server;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Limits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The connections that may be closed where descriptors are short. */
class ServerExpendableTest {

  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  private final ServerFixture fixture = new ServerFixture(Limits.defaults());

  @AfterEach
  void close() {
    fixture.close();
  }

  private boolean isExpendable() {
    return fixture.channel.handler.isExpendable();
  }

  @Test
  void connection_isExpendableWhileItWaitsForItsNextRequest() {
    assertFalse(isExpendable(), "it may become a link");
    fixture.receive("\r\n"); // An empty line is no request.
    assertFalse(isExpendable(), "it may become a link");
    fixture.receive(GET);
    assertFalse(isExpendable(), "an answer is pending");
    fixture.call(0).answer("a");
    assertTrue(isExpendable());
    fixture.receive(GET.substring(0, 10));
    assertFalse(isExpendable(), "a request has begun");
    fixture.receive(GET.substring(10));
    assertFalse(isExpendable(), "an answer is pending");
    fixture.call(1).answer("b");
    assertTrue(isExpendable());
  }
}
