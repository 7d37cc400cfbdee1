package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.future.Promise;
import io.libprocess.http.Principal;
import io.libprocess.http.security.AuthenticationResult;
import io.libprocess.http.security.Authenticator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** A node with a process whose routes have a realm, for tests of authentication. */
abstract class AuthenticatedNode {

  final Node node = Node.start(Config.builder().workers(2).openRealm(Guarded.REALM).build());
  final Guarded process = new Guarded("p");
  final PID<Guarded> pid = node.spawn(process);

  /** The requests that an authenticator was asked about, for the test to answer. */
  final BlockingQueue<Promise<AuthenticationResult>> asked = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    Promise<AuthenticationResult> open;
    while ((open = asked.poll()) != null) {
      open.discard();
    }
    node.close();
  }

  void authenticate(Authenticator authenticator) {
    node.security().setAuthenticator(Guarded.REALM, authenticator);
  }

  void authenticateLater() {
    authenticate(
        Authenticator.of(
            "Later",
            request -> {
              Promise<AuthenticationResult> promise = new Promise<>();
              asked.add(promise);
              return promise.future();
            }));
  }

  Promise<AuthenticationResult> nextAsked() throws InterruptedException {
    Promise<AuthenticationResult> promise = asked.poll(30, TimeUnit.SECONDS);
    assertTrue(promise != null, "nobody was asked");
    return promise;
  }

  static AuthenticationResult principal(String name) {
    return AuthenticationResult.of(Principal.of(name));
  }

  RawClient connect() throws IOException {
    return new RawClient(node.address().port());
  }

  Reply fetch(String target) throws IOException {
    try (RawClient client = connect()) {
      return client.fetch(target);
    }
  }

  Reply fetch(String target, String authorization) throws IOException {
    try (RawClient client = connect()) {
      return client.send(authorized(target, authorization)).reply();
    }
  }

  static String authorized(String target, String authorization) {
    return "GET " + target + " HTTP/1.1\r\nHost: a\r\nAuthorization: " + authorization + "\r\n\r\n";
  }

  static String basic(String credentials) {
    byte[] bytes = credentials.getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(bytes);
  }

  static void reply(int status, String text, Reply reply) {
    assertEquals(status + " " + text, reply.status() + " " + reply.text());
  }
}
