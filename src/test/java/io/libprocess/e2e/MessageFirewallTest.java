package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Codec;
import io.libprocess.Config;
import io.libprocess.Delivery;
import io.libprocess.Node;
import io.libprocess.Process;
import io.libprocess.UPID;
import io.libprocess.future.Future;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.http.Url;
import io.libprocess.http.security.FirewallRule;
import io.libprocess.support.Expect;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages that a node does not take. */
@Timeout(60)
class MessageFirewallTest {

  private final Node node = Node.start(Config.builder().build());
  private final Node other = Node.start(Config.builder().build());
  private final BlockingQueue<String> taken = new LinkedBlockingQueue<>();

  private final class Inbox extends Process<Inbox> {
    Inbox(String id) {
      super(id);
    }

    @Override
    protected void initialize() {
      install("text", Codec.STRING, (from, text) -> taken.add(text));
      install("other", Codec.STRING, (from, text) -> taken.add(text));
      route(Route.get("/text"), request -> Future.of(Response.ok("served")));
    }
  }

  @AfterEach
  void close() {
    other.close();
    node.close();
  }

  private Delivery send(UPID to, String name, String text) throws Exception {
    byte[] body = Codec.STRING.encode(text);
    return Expect.ready(other.postConfirmed(new UPID("me", other.address()), to, name, body));
  }

  @Test
  void rules_decideAboutMessages_alsoThoseWhoseHeadsRecur_andNotAboutRequests() throws Exception {
    UPID inbox = node.spawn(new Inbox("inbox"));
    for (int i = 0; i < 5; i++) {
      assertEquals(Delivery.ACCEPTED, send(inbox, "text", "m" + i));
      Expect.next("m" + i, taken);
    }
    node.security().setMessageFirewall(List.of(node.security().disabledEndpoints("/inbox/text")));
    for (int i = 0; i < 3; i++) {
      assertEquals(Delivery.REFUSED, send(inbox, "text", "refused"));
      assertEquals(Delivery.ACCEPTED, send(inbox, "other", "o" + i));
      Expect.next("o" + i, taken);
    }
    Url url = Url.of(node.address()).withTarget("/inbox/text");
    assertEquals("served", Expect.ready(other.http().get(url)).text());
    node.security().setMessageFirewall(List.of());
    assertEquals(Delivery.ACCEPTED, send(inbox, "text", "again"));
    Expect.next("again", taken);
  }

  @Test
  void rules_ofRequests_areNotAskedAboutMessages() throws Exception {
    UPID inbox = node.spawn(new Inbox("inbox"));
    node.security().setFirewall(List.of(node.security().disabledEndpoints("/inbox/text")));
    assertEquals(Delivery.ACCEPTED, send(inbox, "text", "taken"));
    Expect.next("taken", taken);
  }

  @Test
  void rules_seeTheReceiverByItsName_howeverThatIsSpelled() throws Exception {
    UPID inbox = node.spawn(new Inbox("in box"));
    node.security()
        .setMessageFirewall(List.of(node.security().disabledEndpoints("/in%20box/text")));
    assertEquals(Delivery.REFUSED, send(inbox, "text", "refused"));
    for (String id : List.of("in%20box", "in+box", "%69n%20box")) {
      try (RawClient client = new RawClient(node.address().port())) {
        client.send(
            "POST /"
                + id
                + "/text HTTP/1.1\r\nHost: a\r\nLibprocess-From: me@127.0.0.1:1\r\n"
                + "Content-Length: 1\r\n\r\nx");
        assertEquals(403, client.reply().status(), id);
      }
    }
    assertTrue(taken.isEmpty());
  }

  @Test
  void rule_seesWhoSends_andOneThatThrowsRefuses() throws Exception {
    UPID inbox = node.spawn(new Inbox("inbox"));
    FirewallRule loopback =
        (request, path) ->
            request.client().filter(client -> client.ip().isLoopbackAddress()).isPresent()
                ? Optional.empty()
                : Optional.of(Response.forbidden());
    node.security().setMessageFirewall(List.of(loopback));
    assertEquals(Delivery.ACCEPTED, send(inbox, "text", "near"));
    Expect.next("near", taken);
    FirewallRule broken =
        (request, path) -> {
          throw new IllegalStateException("broken");
        };
    node.security().setMessageFirewall(List.of(broken));
    assertEquals(Delivery.REFUSED, send(inbox, "text", "refused"));
    assertTrue(taken.isEmpty());
  }
}
