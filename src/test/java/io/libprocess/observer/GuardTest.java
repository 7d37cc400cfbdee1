package io.libprocess.observer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuardTest {

  private static int status(boolean isForAll, Request request) throws Exception {
    return new Guard(isForAll)
        .guarding(asked -> Future.of(Response.ok()))
        .apply(request)
        .get()
        .status()
        .code();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1:5050", "localhost:5050", "LOCALHOST", "[::1]:5050", "10.1.2.3"})
  void hostOfItsOwn_isLetIn(String host) throws Exception {
    assertEquals(200, status(false, Request.get("/observer").withHeader("Host", host)));
  }

  /** A name of a foreign name server that leads here: a page with that name must see nothing. */
  @ParameterizedTest
  @ValueSource(strings = {"evil.example:5050", "127.0.0.1.evil.example", "localhost.evil.example"})
  void otherName_isRefusedUnlessItIsForAll(String host) throws Exception {
    Request request = Request.get("/observer").withHeader("Host", host);

    assertEquals(403, status(false, request));
    assertEquals(200, status(true, request));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Forwarded", "X-Forwarded-For", "Via"})
  void proxy_isRefusedUnlessItIsForAll(String header) throws Exception {
    Request request = Request.get("/observer").withHeader(header, "for=10.0.0.1");

    assertEquals(403, status(false, request));
    assertEquals(200, status(true, request));
  }

  @ParameterizedTest
  @CsvSource({
    "Sec-Fetch-Site, cross-site, 403",
    "Sec-Fetch-Site, same-site, 403",
    "Sec-Fetch-Site, same-origin, 200",
    "Origin, http://evil.example, 403",
    "Origin, null, 403",
    "Origin, http://127.0.0.1:5050, 200",
    "Origin, https://127.0.0.1:5050, 200",
    "X-Other, anything, 200"
  })
  void change_isRefusedToPagesOfOtherOrigins(String header, String value, int status)
      throws Exception {
    Request request = Request.post("/observer/trace", Body.empty());
    Request told = request.withHeader("Host", "127.0.0.1:5050").withHeader(header, value);

    assertEquals(status, status(false, told));
    assertEquals(status, status(true, told));
  }

  @Test
  void look_isAllowedToPagesOfOtherOrigins() throws Exception {
    Request request = Request.get("/observer").withHeader("Sec-Fetch-Site", "cross-site");

    assertEquals(200, status(false, request)); // A link from elsewhere; the answer is not shared.
  }
}
