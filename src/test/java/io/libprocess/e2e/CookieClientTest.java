package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.future.Future;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.Cookie;
import io.libprocess.http.CookieJar;
import io.libprocess.http.HttpClient;
import io.libprocess.http.HttpListener;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.http.Url;
import io.libprocess.net.Address;
import io.libprocess.support.Expect;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Cookies from a server to a client and back. */
@Timeout(60)
class CookieClientTest {

  @Test
  void cookies_comeBack_alsoInRedirectsAndBesideOthers() throws Exception {
    try (HttpListener server =
            HttpListener.builder()
                .route(
                    Route.at("/login"),
                    request ->
                        Future.of(
                            Response.temporaryRedirect("/show")
                                .withCookie(Cookie.of("id", "7").path("/show"))
                                .withCookie(Cookie.of("who", "ann"))))
                .route(
                    Route.at("/show"),
                    request -> Future.of(Response.ok(request.cookies().toString())))
                .route(
                    Route.at("/logout"),
                    request -> Future.of(Response.ok().withCookie(Cookie.expired("who"))))
                .start(Address.loopback(0));
        HttpClient client = HttpClient.start(ClientSettings.defaults())) {
      Url root = Url.of(server.address().inet().orElseThrow());
      HttpClient keeping = client.withCookies(CookieJar.empty()).followingRedirects(1);
      Map<String, String> both = Map.of("id", "7");
      assertEquals("{id=7, who=ann}", Expect.ready(keeping.get(root.withTarget("/login"))).text());
      assertEquals(
          "{own=1, id=7, who=ann}",
          Expect.ready(
                  keeping.send(
                      root.withTarget("/show"), Request.get("/").withHeader("Cookie", "own=1")))
              .text());
      Expect.ready(keeping.get(root.withTarget("/logout")));
      assertEquals(both.toString(), Expect.ready(keeping.get(root.withTarget("/show"))).text());
      assertEquals("{}", Expect.ready(client.get(root.withTarget("/show"))).text());
    }
  }
}
