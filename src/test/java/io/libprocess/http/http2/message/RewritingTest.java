package io.libprocess.http.http2.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.hpack.HpackDecoder;
import io.libprocess.http.hpack.HpackException;
import io.libprocess.http.http1.FakeChannel;
import io.libprocess.http.server.Http2Wire;
import io.libprocess.http.server.ServerFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A next hop that speaks HTTP/1.1 is not misled: a request that was accepted by HTTP/2 and is
 * rewritten, octet by octet and without care, as HTTP/1.1 is one request, and the same one.
 */
class RewritingTest {

  private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 300) * 20;

  private static final String[] NAMES = {
    "accept",
    "x",
    "content-length",
    "transfer-encoding",
    "connection",
    "te",
    "host",
    "cookie",
    "expect",
    "upgrade",
    "X",
    "a b",
    "a:",
    "",
    "x\r\ny",
    "trailer",
    "content-type",
    "priority"
  };
  private static final String[] VALUES = {
    "a",
    "",
    "1",
    "0",
    "5",
    "chunked",
    "close",
    "trailers",
    "a",
    "b",
    "x y",
    " x",
    "x ",
    "x\r\ny: z",
    "x\ny",
    "\0",
    "a\tb",
    "100-continue",
    "\r",
    "é",
    "a, b",
    "5, 5",
    "+5",
    "0x5",
    "identity"
  };
  private static final String[] PATHS = {
    "/",
    "/a?b=c",
    "*",
    "a",
    "/a b",
    "/a\r\nx: y",
    "/#x",
    "",
    "//b/../c",
    "/%0d%0a",
    "/%zz",
    "/?%zz",
    "http://b/",
    "/\u00e9"
  };
  private static final String[] METHODS = {
    "GET", "POST", "OPTIONS", "HEAD", "PUT", "CONNECT", "get", "GET /x HTTP/1.1\r\nGET", "", "G ET"
  };
  private static final String[] AUTHORITIES = {
    "a", "a:80", "b", "u@a", "a/b", "[::1]:8", "a b", "", "a\r\nx: y", "a#", "a?"
  };

  private final Random random = new Random(4);
  private final List<Request> received = new ArrayList<>();

  private String any(String[] of) {
    return of[random.nextInt(of.length)];
  }

  private String oftenFirst(String[] of) {
    return random.nextInt(3) > 0 ? of[0] : any(of);
  }

  private String[] fields() {
    List<String> fields = new ArrayList<>();
    fields.addAll(List.of(":method", oftenFirst(METHODS), ":scheme", "http"));
    fields.addAll(List.of(":path", oftenFirst(PATHS)));
    if (random.nextInt(8) > 0) {
      fields.addAll(List.of(":authority", oftenFirst(AUTHORITIES)));
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      fields.addAll(List.of(any(NAMES), any(VALUES)));
    }
    return fields.toArray(new String[0]);
  }

  private Request accepted(String[] fields) throws HpackException {
    RequestFields collected = new RequestFields(Limits.defaults(), false);
    collected.begin(false);
    byte[] block = Http2Wire.block(fields);
    new HpackDecoder(4096, 1 << 16).decode(block, 0, block.length, collected);
    if (collected.end() != null || collected.rejection() != null) {
      return null;
    }
    return collected.head().request(Body.empty(), Future.of(Headers.empty()), null, 0);
  }

  /** The request as a careless proxy would send it on. */
  private static String rewritten(Request request) {
    StringBuilder wire = new StringBuilder();
    wire.append(request.method()).append(' ').append(request.target()).append(" HTTP/1.1\r\n");
    for (Headers.Field field : request.headers()) {
      wire.append(field.name()).append(": ").append(field.value()).append("\r\n");
    }
    return wire.append("\r\n").toString();
  }

  @Test
  void requestThatWasAccepted_isTheSameByHttp1() throws HpackException {
    int same = 0;
    for (int i = 0; i < ROUNDS; i++) {
      String[] fields = fields();
      Request request = accepted(fields);
      if (request == null) {
        continue;
      }
      String wire = rewritten(request);
      long length = request.headers().first("content-length").map(Long::parseLong).orElse(0L);
      if (length > 100) {
        continue;
      }
      assertSame(request, wire, length);
      same++;
    }
    assertTrue(same > ROUNDS / 50, "accepted: " + same);
  }

  private void assertSame(Request request, String wire, long length) {
    received.clear();
    try (ServerFixture server =
        new ServerFixture(
            Limits.defaults(),
            arrived -> {
              received.add(arrived);
              return new Promise<Response>().future();
            })) {
      FakeChannel channel = server.connect();
      // One that was hidden in the first would be a second request.
      channel.receiveAlthoughPaused(
          wire + "x".repeat((int) length) + "GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
      assertEquals(2, received.size(), wire);
      Request parsed = received.get(0);
      assertEquals(request.method(), parsed.method(), wire);
      assertEquals(request.target(), parsed.target(), wire);
      assertEquals(request.headers(), parsed.headers(), wire);
      assertEquals("/next", received.get(1).target(), wire);
    }
  }
}
