package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.Process;
import io.libprocess.future.Future;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.http.filter.Cors;
import io.libprocess.http.security.BasicAuthenticator;
import io.libprocess.observer.Browser;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the {@code fetch} of a real browser may do with a route of another origin. */
@Timeout(300) // A browser has to start.
class CorsBrowserTest {

  private static final class Page extends Process<Page> {
    Page() {
      super("page");
    }

    @Override
    protected void initialize() {
      route(Route.get("/"), request -> Future.of(Response.ok("<p>A page.</p>", "text/html")));
    }
  }

  private static final class Orders extends Process<Orders> {
    private final Cors cors;

    Orders(String origin) {
      super("orders");
      cors = Cors.origins(origin).headers("Authorization").exposedHeaders("X-Total").build();
    }

    @Override
    protected void initialize() {
      route(
          Route.put("/{id}").realm("staff").filter(cors),
          request ->
              Future.of(
                  Response.ok("order " + request.segment("id") + ": " + request.text())
                      .withHeader("X-Total", "7")));
      route(Route.get("/closed").exactly(), request -> Future.of(Response.ok("closed")));
    }
  }

  private static String fetch(String url, String options) {
    return "fetch('"
        + url
        + "', "
        + options
        + ")"
        + ".then(r => r.text().then(t => r.status + ' ' + t + ' ' + r.headers.get('X-Total')))"
        + ".catch(e => 'refused')";
  }

  @Test
  void fetch_ofAnotherOrigin_readsWhatCorsAllows() throws Exception {
    try (Node pages = Node.start(Config.builder().build());
        Node api =
            Node.start(
                Config.builder()
                    .authenticator("staff", new BasicAuthenticator("staff", Map.of("ann", "a")))
                    .build())) {
      pages.spawn(new Page());
      String origin = "http://" + pages.address();
      api.spawn(new Orders(origin));
      String url = "http://" + api.address() + "/orders";
      try (Browser browser = Browser.open(origin + "/page", 800, 600)) {
        browser.await("document.querySelector('p')");
        String put =
            "{method: 'PUT', body: 'pens', headers: {'Authorization': '"
                + AuthenticatedNode.basic("ann:a")
                + "', 'Content-Type': 'application/json'}}";
        assertEquals("200 order 1: pens 7", browser.evaluate(fetch(url + "/1", put)));
        String anonymous = "{method: 'PUT', body: 'pens', credentials: 'omit'}";
        assertEquals("401", first(browser.evaluate(fetch(url + "/1", anonymous))));
        assertEquals("refused", browser.evaluate(fetch(url + "/closed", "{}")));
        String secret = "{method: 'PUT', headers: {'X-Secret': '1'}}";
        assertEquals("refused", browser.evaluate(fetch(url + "/1", secret)));
      }
    }
  }

  private static String first(Object text) {
    return ((String) text).split(" ")[0];
  }
}
