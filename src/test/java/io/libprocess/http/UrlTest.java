package io.libprocess.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.Address;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlTest {

  private static String message(String text) {
    return assertThrows(IllegalArgumentException.class, () -> Url.parse(text)).getMessage();
  }

  /** URLTest.Stringification. */
  @Test
  void stringification() {
    assertEquals("http://mesos.apache.org:80/", Url.of("http", "mesos.apache.org").toString());
    assertEquals(
        "https://mesos.apache.org:8080/", Url.of("https", "mesos.apache.org", 8080).toString());
    assertEquals("http://172.158.1.23:80/", Url.of("http", "172.158.1.23").toString());
    Url director = Url.of("http", "172.158.1.23", 8080).withTarget("director");
    assertEquals("http://172.158.1.23:8080/director", director.toString());
    assertEquals(
        "http://172.158.1.23:8080/director?key=value",
        director.withQuery(Map.of("key", "value")).toString());
    assertEquals(
        "http://172.158.1.23:8080/director?key=value#part",
        director.withTarget("/director?key=value#part").toString());
  }

  /** URLTest.ParseUrls. */
  @Test
  void parseUrls() {
    assertEquals(
        new Url("https", "auth.docker.com", 443, "/"), Url.parse("https://auth.docker.com"));
    assertEquals(new Url("http", "docker.com", 80, "/"), Url.parse("http://docker.com/"));
    assertEquals(
        new Url("http", "registry.docker.com", 1234, "/abc/1"),
        Url.parse("http://registry.docker.com:1234/abc/1"));
    assertEquals(new Url("abc", "abc.com", 1, "/"), Url.parse("ABC://abc.com:1"));
  }

  /** URLTest.ParseUrls, what is refused there and more. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "mesos.com",
        "/path",
        "://mesos.com/abc",
        "abc://abc.com",
        "://://",
        "://",
        "http://",
        "http:////",
        "://///",
        "http:///path",
        "http://:80/",
        "http://a:b/",
        "http://a:80:80/",
        "http://a:-1/",
        "http://a:0/",
        "http://a:65536/",
        "http://a:99999999999999999999/",
        "http://[::1/",
        "http://[]/",
        "http://[a]/",
        "http://[::1]x/",
        "http://[::1%25lo]/",
        "http://::1/",
        "http://a b/",
        "http://a\\b/",
        "http://\u00e9/",
        "http://a/ b",
        "http://a/\u00e9",
        "http://a/\r\nX: y",
        "http://a\r\n/",
        "http://a/?x=%",
        "http://user:secret@a/",
        "ht_tp://a:1/",
        "1http://a:1/",
        "http+unix:///path",
        "http+unix://%zz/",
        "http+unix://%00/"
      })
  void parse_refuses(String text) {
    message(text);
  }

  @Test
  void parse_saysWhatIsWrong() {
    assertEquals("a URL without a scheme: 'mesos.com'", message("mesos.com"));
    assertEquals("no port, and no default for scheme 'abc'", message("abc://abc.com"));
    assertEquals("a URL without a host: 'http:///x'", message("http:///x"));
    assertEquals("not a port in 'a:b': 'b'", message("http://a:b"));
    assertEquals("port not in 1..65535: 70000", message("http://a:70000"));
    assertFalse(message("http://user:secret@a/").contains("secret"));
  }

  @Test
  void parse_knowsAddressesAndSockets() {
    Url literal = Url.parse("HTTP://[::1]:8080?a=b#c");
    assertEquals(new Url("http", "::1", 8080, "/?a=b#c"), literal);
    assertEquals("[::1]:8080", literal.authority());
    assertEquals(literal, Url.parse(literal.toString()));

    Url socket = Url.parse("http+unix://%2Frun%2Fa+b.sock/x?y");
    assertEquals("/run/a+b.sock", socket.host());
    assertEquals("localhost", socket.authority());
    assertTrue(socket.isUnix());
    assertEquals("http+unix://%2Frun%2Fa%2Bb.sock/x?y", socket.toString());
    assertEquals(socket, Url.parse(socket.toString()));
    assertEquals("http://127.0.0.1:5/", Url.of(Address.loopback(5)).toString());
  }

  @Test
  void parts() {
    Url url = Url.parse("https://Example.com:/a%20b?k=v%20w&e#f");
    assertEquals("example.com", url.host());
    assertEquals("example.com", url.authority());
    assertEquals("example.com:80", Url.parse("https://example.com:80").authority());
    assertEquals("/a%20b", url.path());
    assertEquals(Map.of("k", "v w", "e", ""), url.query());
    assertEquals(Optional.of("f"), url.fragment());
    assertTrue(url.hasSameOrigin(Url.parse("https://example.com/other")));
    assertFalse(url.hasSameOrigin(Url.parse("http://example.com:443/other")));
    assertFalse(url.hasSameOrigin(Url.parse("https://example.com:444/other")));
  }

  /** HTTPTest.QueryEncoding. */
  @Test
  void query_isEncoded() {
    Url url = Url.of("http", "a").withQuery(Map.of("path", "C:\\foo\\bar%3Abaz"));
    assertEquals("http://a:80/?path=C%3A%5Cfoo%5Cbar%253Abaz", url.toString());
  }

  /** The examples of RFC 3986, section 5.4, as far as their hosts are valid here. */
  @ParameterizedTest
  @CsvSource({
    "g, /b/c/g",
    "./g, /b/c/g",
    "g/, /b/c/g/",
    "/g, /g",
    "?y, /b/c/d;p?y",
    "g?y, /b/c/g?y",
    "#s, /b/c/d;p?q#s",
    "g#s, /b/c/g#s",
    "g?y#s, /b/c/g?y#s",
    ";x, /b/c/;x",
    "g;x=1/../y, /b/c/y",
    "'', /b/c/d;p?q",
    "., /b/c/",
    "./, /b/c/",
    ".., /b/",
    "../, /b/",
    "../g, /b/g",
    "../.., /",
    "../../g, /g",
    "../../../g, /g",
    "/./g, /g",
    "/../g, /g",
    "g., /b/c/g.",
    "..g, /b/c/..g",
    "./../g, /b/g",
    "g/./h, /b/c/g/h",
    "g/../h, /b/c/h",
    "g?y/../x, /b/c/g?y/../x"
  })
  void resolve_path(String reference, String target) {
    assertEquals(
        "http://a:80" + target, Url.parse("http://a/b/c/d;p?q").resolve(reference).toString());
  }

  @Test
  void resolve_whole() {
    Url base = Url.parse("https://a:1/b?q#f");
    assertEquals("http://x:2/y", base.resolve("http://x:2/y").toString());
    assertEquals("https://x:443/y", base.resolve("//x/y").toString());
    assertEquals("https://a:1/b?q", base.resolve("").toString());
    assertThrows(IllegalArgumentException.class, () -> base.resolve("javascript:alert(1)"));
  }

  @Test
  void uri_isConvertedBothWays() {
    URI uri = URI.create("https://example.org:8443/caf\u00e9/b?x=1");
    Url url = Url.of(uri);
    assertEquals("https://example.org:8443/caf%C3%A9/b?x=1", url.toString());
    assertEquals(URI.create(url.toString()), url.toUri());
    assertThrows(IllegalArgumentException.class, () -> Url.of(URI.create("mailto:a@b")));
    assertThrows(IllegalArgumentException.class, () -> Url.of(URI.create("/only/a/path")));
  }
}
