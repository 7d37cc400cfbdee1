package io.libprocess.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.grammar.CookieDate;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CookieTest {

  private static final Url HOST = Url.parse("https://www.example.com/a/b?c");

  /* ------ Of servers ------ */

  @Test
  void cookie_isCarefulUnlessToldOtherwise() {
    assertEquals("id=1; Path=/; HttpOnly; SameSite=Lax", Cookie.of("id", "1").header());
    assertEquals(
        "id=1; Path=/a; Secure; SameSite=None; Max-Age=60; Domain=example.com",
        Cookie.of("id", "1")
            .secure()
            .scripts(true)
            .sameSite(Cookie.SameSite.STRICT)
            .sameSite(Cookie.SameSite.NONE)
            .path("/a")
            .maxAge(Duration.ofMinutes(1))
            .domain("example.com")
            .header());
    assertEquals("id=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0", Cookie.expired("id").header());
    Response response =
        Response.ok().withCookie(Cookie.of("a", "1")).withCookie(Cookie.of("b", ""));
    assertEquals(2, response.headers().all("Set-Cookie").size());
    assertEquals("Cookie a", Cookie.of("a", "secret").toString());
  }

  @Test
  void cookie_thatCouldNotBeSent_isRefused() {
    for (String value : List.of("a b", "a;b", "a,b", "a\"", "a\\", "\u00e4", "a\n", "\u007f")) {
      assertThrows(IllegalArgumentException.class, () -> Cookie.of("id", value));
    }
    for (String name : List.of("", "a b", "a=b", "a;")) {
      assertThrows(IllegalArgumentException.class, () -> Cookie.of(name, ""));
    }
    assertThrows(IllegalArgumentException.class, () -> Cookie.of("a", "").path("/;x"));
    assertThrows(IllegalArgumentException.class, () -> Cookie.of("a", "").domain("a;b"));
    for (Cookie cookie :
        List.of(
            Cookie.of("__Secure-a", ""),
            Cookie.of("__Host-a", "").secure().path("/a"),
            Cookie.of("__host-a", "").secure().domain("a.example"))) {
      assertThrows(IllegalStateException.class, cookie::header);
    }
    assertTrue(Cookie.of("__Host-a", "").secure().header().startsWith("__Host-a=; Path=/; Secure"));
  }

  @Test
  void request_hasTheCookiesOfTheClient() {
    Request request =
        Request.get("/")
            .withHeaders(Headers.of("Cookie", "a=1; b=\"x y\";a=2; c ; =d;e=f=g", "Cookie", "h="));
    Map<String, String> cookies = request.cookies();
    assertEquals("{a=1, b=x y, e=f=g, h=}", cookies.toString());
    assertEquals(Map.of(), Request.get("/").cookies());
  }

  /* ------ Of clients ------ */

  private static void give(CookieJar jar, Url url, String... fields) {
    Headers.Builder headers = Headers.builder();
    for (String field : fields) {
      headers.add("Set-Cookie", field);
    }
    jar.store(url, Response.ok().withHeaders(headers.build()));
  }

  private static String sent(CookieJar jar, String url) {
    return jar.header(Url.parse(url)).orElse("");
  }

  @Test
  void jar_sendsCookiesBackToTheirHost_longestPathFirst() {
    CookieJar jar = CookieJar.empty();
    give(jar, HOST, "root=1; Path=/", "own=2", "deep=3; path=/a/b/", "else=4; Path=/x", "x", "=y");
    assertEquals("own=2; root=1", sent(jar, "https://www.example.com/a/c"));
    assertEquals("deep=3; own=2; root=1", sent(jar, "https://www.example.com/a/b/c"));
    assertEquals("root=1", sent(jar, "https://www.example.com:81/ab"));
    assertEquals("", sent(jar, "https://example.com/a"));
    assertEquals("", sent(jar, "https://b.www.example.com/a"));
    give(jar, HOST, "root=5; Path=/", "own=; Max-Age=0");
    assertEquals("root=5", sent(jar, "https://www.example.com/a"));
  }

  @Test
  void jar_sharesNoDomainThatWasNotNamed() {
    String wide = "a=1; Domain=.example.com; Path=/";
    CookieJar careful = CookieJar.empty();
    give(
        careful,
        HOST,
        wide,
        "b=2; Domain=com",
        "c=3; Domain=other.com",
        "d=4; Domain=www.example.com");
    assertEquals(1, careful.size());
    assertEquals("", sent(careful, "https://example.com/a"));
    CookieJar shared = CookieJar.sharing("Example.com");
    give(shared, HOST, wide, "b=2; Domain=com; Path=/");
    assertEquals("a=1", sent(shared, "https://example.com/"));
    assertEquals("a=1", sent(shared, "https://x.y.example.com/"));
    assertEquals("", sent(shared, "https://badexample.com/"));
    give(shared, Url.parse("https://badexample.com/"), "a=2; Domain=example.com");
    assertEquals("a=1", sent(shared, "https://example.com/"));
  }

  @Test
  void jar_keepsSecureCookiesFromOthers() {
    CookieJar jar = CookieJar.empty();
    give(jar, HOST, "a=1; Secure; Path=/", "__Host-b=2; Path=/", "__Secure-c=3; Secure; Path=/");
    Url plain = Url.parse("http://www.example.com/");
    give(jar, plain, "a=9; Path=/", "d=4; Secure; Path=/");
    assertEquals("a=1; __Secure-c=3", sent(jar, "https://www.example.com/"));
    assertEquals("", sent(jar, "http://www.example.com/"));
  }

  @Test
  void jar_forgetsWhatIsOver() {
    Clock clock = Clock.paused(Instant.ofEpochSecond(1_000_000_000));
    CookieJar jar = CookieJar.empty().by(clock);
    give(jar, HOST, "a=1; Max-Age=10; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "b=2; Max-Age=x");
    assertEquals("a=1; b=2", sent(jar, "https://www.example.com/a"));
    clock.advance(Duration.ofSeconds(10));
    assertEquals("b=2", sent(jar, "https://www.example.com/a"));
    give(jar, HOST, "b=2; Expires=Wed, 09-Jun-1999 10:18:14 GMT");
    assertEquals("", sent(jar, "https://www.example.com/a"));
    clock.close();
  }

  @Test
  void jar_isBounded() {
    CookieJar jar = CookieJar.empty();
    for (int i = 0; i < 60; i++) {
      give(jar, HOST, "c" + i + "=1");
    }
    assertEquals(50, jar.size());
    assertTrue(sent(jar, "https://www.example.com/a").startsWith("c10=1; "));
    give(jar, HOST, "long=" + "x".repeat(4096));
    assertEquals(50, jar.size());
    for (int i = 0; i < 3100; i++) {
      give(jar, Url.parse("https://h" + i + ".example/"), "a=1");
    }
    assertEquals(3000, jar.size());
    jar.clear();
    assertEquals("CookieJar of 0", jar.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Wed, 09 Jun 2021 10:18:14 GMT|2021-06-09T10:18:14Z",
        "Wed, 09-Jun-21 10:18:14 GMT|2021-06-09T10:18:14Z",
        "Wed Jun  9 10:18:14 2021|2021-06-09T10:18:14Z",
        "10:18:14 9 june 1999|1999-06-09T10:18:14Z",
        "1 1:2:3 feb 70|1970-02-01T01:02:03Z",
        "2 Jan 00 03:04:05|2000-01-02T03:04:05Z",
        "2 Jan 00 03:04:05 2021|2000-01-02T03:04:05Z",
        "2 Jan 1601 03:04:05|1601-01-02T03:04:05Z",
        "9th Jun 2021 10:18:14h|2021-06-09T10:18:14Z",
        "9\u0001 Jun 2021 10:18:14|2021-06-09T10:18:14Z",
        "1 Jan 2021 10:00:00 11:00:00 Feb 2022 2|2021-01-01T10:00:00Z",
      })
  void date_isReadWhateverItsOrder(String text, String time) {
    assertEquals(Optional.of(Instant.parse(time)), CookieDate.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tomorrow",
        "31 Feb 2021 10:00:00",
        "1 Jan 1600 10:00:00",
        "1 Jan 2021 24:00:00",
        "1 Jan 2021",
        "1 Jan 10:00:00",
        "1 Jan 100 10:00:00",
        "0 5 Jan 2021 10:00:00",
        "1 anf 2021 10:00:00",
        "10:00:00 Jan 2021",
        "99999999999 Jan 2021 10:00:00"
      })
  void date_thatIsNone_isNone(String text) {
    assertEquals(Optional.empty(), CookieDate.parse(text));
    assertEquals(Optional.empty(), CookieDate.parse("1".repeat(200)));
  }

  @Test
  void date_mayHaveAHundredCharacters() {
    String date = "1 Jan 2021 10:00:00";
    assertTrue(CookieDate.parse(date + " ".repeat(100 - date.length())).isPresent());
    assertTrue(CookieDate.parse(date + " ".repeat(101 - date.length())).isEmpty());
  }
}
