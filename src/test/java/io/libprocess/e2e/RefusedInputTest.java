package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.future.Future;
import io.libprocess.http.HttpFilter;
import io.libprocess.http.HttpListener;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.filter.AccessLog;
import io.libprocess.net.Address;
import io.libprocess.service.Service;
import io.libprocess.support.Expect;
import io.libprocess.support.LogCapture;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Input that is no request, of which filters only hear. */
@Timeout(60)
class RefusedInputTest {

  private static final String TOO_LARGE = "GET / HTTP/1.1\r\nX: " + "x".repeat(100_000);

  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  private final class Hearing implements HttpFilter {
    @Override
    public Future<Response> apply(Request request, Service<Request, Response> next) {
      heard.add(request.path());
      return next.call(request);
    }

    @Override
    public void refused(Optional<Address> client, Response answer) {
      heard.add(client.orElseThrow().ip().getHostAddress() + " " + answer.status().code());
    }
  }

  private static final class Breaking implements HttpFilter {
    @Override
    public Future<Response> apply(Request request, Service<Request, Response> next) {
      return next.call(request);
    }

    @Override
    public void refused(Optional<Address> client, Response answer) {
      throw new IllegalStateException("broken");
    }
  }

  private static int answered(int port, String input) throws Exception {
    try (RawClient client = new RawClient(port)) {
      client.send(input);
      return client.reply().status();
    }
  }

  @Test
  void node_logsWhatItCannotUnderstand_inBothFormats() throws Exception {
    Config config =
        Config.builder()
            .filter(AccessLog.common().to("io.libprocess.one"))
            .filter((request, next) -> next.call(request))
            .filter(AccessLog.json().to("io.libprocess.two"))
            .filter(new Hearing())
            .build();
    try (Node node = Node.start(config);
        LogCapture log = new LogCapture()) {
      assertEquals(400, answered(node.address().port(), "nonsense\r\n\r\n"));
      String common = log.text(log.await("\"-\" 400"));
      assertTrue(common.startsWith("127.0.0.1 - - ["), common);
      String json = log.text(log.await("\"status\":400"));
      assertTrue(json.contains("\"client\":\"127.0.0.1\""), json);
      Expect.next("127.0.0.1 400", heard);
      assertEquals(431, answered(node.address().port(), TOO_LARGE));
      Expect.next("127.0.0.1 431", heard);
      assertTrue(heard.isEmpty());
    }
  }

  @Test
  void listener_tellsItsFilters() throws Exception {
    try (HttpListener listener =
        HttpListener.builder().filter(new Hearing()).start(Address.loopback(0))) {
      int port = ((Address) listener.address()).port();
      assertEquals(400, answered(port, "nonsense\r\n\r\n"));
      Expect.next("127.0.0.1 400", heard);
      assertEquals(404, answered(port, "GET /known HTTP/1.1\r\nHost: a\r\n\r\n"));
      Expect.next("/known", heard);
    }
  }

  @Test
  void filter_thatThrowsWhenItIsTold_costsNoAnswer() throws Exception {
    try (Node node = Node.start(Config.builder().filter(new Breaking()).build());
        LogCapture log = new LogCapture()) {
      assertEquals(400, answered(node.address().port(), "nonsense\r\n\r\n"));
      log.await("told of a refused request");
    }
  }
}
