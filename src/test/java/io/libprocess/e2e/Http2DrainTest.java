package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.http.Body;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.HttpClient;
import io.libprocess.http.HttpListener;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import io.libprocess.net.Address;
import io.libprocess.stream.Chunk;
import io.libprocess.support.Expect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Connections that take leave under load: a server asks its client again and again to use another
 * one, and no request is lost or handled twice.
 */
@Timeout(300)
class Http2DrainTest {

  private static final int REQUESTS = 10_000;
  private static final int AT_ONCE = 500;
  private static final int LEAVES = 40; // One response in so many ends its connection.

  private final Map<String, Integer> handled = new ConcurrentHashMap<>();
  private final AtomicInteger left = new AtomicInteger();

  private Future<Response> handle(Request request) {
    String id = request.text();
    handled.merge(id, 1, Integer::sum);
    Response response = Response.ok(id);
    if (Integer.parseInt(id) % LEAVES != 0) {
      return Future.of(response);
    }
    left.incrementAndGet();
    return Future.of(response.withHeader("Connection", "close"));
  }

  @Test
  void requestsAcrossManyGoAways_areHandledOnceEach() throws Exception {
    try (HttpListener listener =
            HttpListener.builder().otherwise(this::handle).start(Address.loopback(0));
        HttpClient client =
            HttpClient.start(
                ClientSettings.builder()
                    .http2(ClientSettings.Http2.PRIOR_KNOWLEDGE)
                    .queued(REQUESTS)
                    .build())) {
      Url url = Url.parse("http://" + listener.address() + "/");
      for (int from = 0; from < REQUESTS; from += AT_ONCE) {
        List<Future<Response>> responses = new ArrayList<>();
        for (int i = from; i < from + AT_ONCE; i++) {
          responses.add(client.post(url, Body.of(Chunk.utf8(Integer.toString(i))), "text/plain"));
        }
        List<Response> all = Expect.ready(Futures.collect(responses));
        for (int i = 0; i < AT_ONCE; i++) {
          assertEquals(Integer.toString(from + i), all.get(i).text());
        }
      }
    }
    assertEquals(REQUESTS, handled.size());
    assertTrue(handled.values().stream().allMatch(count -> count == 1), "handled twice");
    assertEquals(REQUESTS / LEAVES, left.get());
  }
}
