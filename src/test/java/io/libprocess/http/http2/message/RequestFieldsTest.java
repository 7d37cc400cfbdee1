package io.libprocess.http.http2.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.libprocess.http.Headers;
import io.libprocess.http.Limits;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What makes a request malformed, or rejected, and what a valid one becomes. */
class RequestFieldsTest {

  private static final String[] GET = {
    ":method", "GET", ":scheme", "http", ":path", "/a?b", ":authority", "host:80"
  };

  private final RequestFields fields = new RequestFields(Limits.defaults(), false);

  private String put(boolean trailers, String... namesAndValues) {
    fields.begin(trailers);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.field(namesAndValues[i], namesAndValues[i + 1], false);
    }
    return fields.end();
  }

  /** A request, with pseudo-fields changed or added by a text such as {@code ":path=/x"}. */
  private String pseudo(String change) {
    String[] changed = GET.clone();
    String name = change.substring(0, change.indexOf('='));
    String value = change.substring(change.indexOf('=') + 1);
    for (int i = 0; i < changed.length; i += 2) {
      if (changed[i].equals(name)) {
        changed[i + 1] = value;
        return put(false, changed);
      }
    }
    return more(name, value);
  }

  private String more(String... namesAndValues) {
    String[] all = Arrays.copyOf(GET, GET.length + namesAndValues.length);
    System.arraycopy(namesAndValues, 0, all, GET.length, namesAndValues.length);
    return put(false, all);
  }

  private void assertRejected(int code) {
    assertNotNull(fields.rejection());
    assertEquals(code, fields.rejection().code());
  }

  @Test
  void request_hasTheAuthorityAsHost() {
    assertNull(more("accept", "x", "content-length", "12", "priority", "u=1"));
    assertNull(fields.rejection());
    RequestHead head = fields.head();
    assertEquals("GET", head.method());
    assertEquals("/a?b", head.target());
    assertEquals(2, head.pathEnd());
    assertEquals(12, head.length());
    assertEquals("u=1", head.priority());
    assertEquals(
        Headers.of("host", "host:80", "accept", "x", "content-length", "12", "priority", "u=1"),
        head.headers());
  }

  @Test
  void authority_isTheOnlyField() {
    assertNull(put(false, GET));
    assertEquals(Headers.of("host", "host:80"), fields.head().headers());
  }

  @Test
  void authority_standsBeforeALength() {
    assertNull(more("content-length", "3"));
    assertNull(fields.rejection());
    assertEquals(Headers.of("host", "host:80", "content-length", "3"), fields.head().headers());
  }

  @Test
  void host_mustBeTheAuthority() {
    assertNull(more("host", "HOST:80"));
    assertEquals(Headers.of("host", "host:80"), fields.head().headers());
    assertEquals("the field host is not the :authority", more("host", "other"));
  }

  @Test
  void host_mayStandForTheAuthority() {
    String[] without = Arrays.copyOf(GET, 6);
    assertNull(put(false, without));
    assertRejected(400);
    String[] host = Arrays.copyOf(GET, 10);
    host[6] = "host";
    host[7] = "a";
    host[8] = "host";
    host[9] = "b";
    assertNull(put(false, Arrays.copyOf(host, 8)));
    assertNull(fields.rejection());
    assertEquals(Headers.of("host", "a"), fields.head().headers());
    assertEquals("more than one field host", put(false, host));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ":authority=user@host",
        ":authority=",
        ":authority=a b",
        ":authority=a:b",
        ":path=",
        ":path=a",
        ":path=*",
        ":path=/a b",
        ":path=/a#b",
        ":path=/\u00e4",
        ":path=http://a/",
        ":scheme=https",
        ":scheme=ftp",
        ":status=200",
        ":protocol=websocket",
        ":=x",
        "connection=close",
        "proxy-connection=close",
        "keep-alive=1",
        "transfer-encoding=chunked",
        "upgrade=h2c",
        "te=gzip",
        "content-length=",
        "content-length=+1",
        "content-length=1,1",
        "content-length=0x1"
      })
  void request_isMalformed(String change) {
    assertNotNull(pseudo(change), change);
  }

  @ParameterizedTest
  @ValueSource(strings = {":authority=[::1]:80", ":path=/%", ":scheme=HTTP", "te=trailers"})
  void request_isLegal(String change) {
    assertNull(pseudo(change), change);
    assertNull(fields.rejection());
  }

  @Test
  void pseudoFields_occurOnceAndFirst() {
    for (int i = 0; i < GET.length; i += 2) {
      assertEquals("more than one " + GET[i], more(GET[i], GET[i + 1]));
      String[] without = new String[GET.length - 2];
      System.arraycopy(GET, 0, without, 0, i);
      System.arraycopy(GET, i + 2, without, i, GET.length - i - 2);
      String problem = put(false, without);
      assertEquals(GET[i].equals(":authority") ? null : "no " + GET[i], problem);
    }
    assertEquals("a pseudo-field after another field", more("a", "b", ":path", "/"));
    assertEquals("a pseudo-field in trailers", put(true, ":path", "/"));
  }

  @Test
  void asteriskIsForOptions() {
    assertNull(put(false, ":method", "OPTIONS", ":path", "*", ":scheme", "http", "host", "a"));
    assertNull(fields.rejection());
  }

  @Test
  void contentLength_mayBeRepeated() {
    assertNull(more("content-length", "5", "content-length", "5"));
    assertEquals(Headers.of("host", "host:80", "content-length", "5"), fields.head().headers());
    assertEquals(
        "content-length has several values", more("content-length", "5", "content-length", "6"));
  }

  @Test
  void cookies_areJoined() {
    assertNull(more("cookie", "a=b", "x", "y", "cookie", "c=d"));
    assertEquals(
        Headers.of("host", "host:80", "cookie", "a=b; c=d", "x", "y"), fields.head().headers());
  }

  @Test
  void requests_areRejectedAsInHttp1() {
    assertNull(pseudo(":method=BREW"));
    assertRejected(501);
    assertNull(put(false, ":method", "CONNECT", ":authority", "a:80"));
    assertRejected(501);
    assertNotNull(put(false, ":method", "CONNECT", ":authority", "a:80", ":path", "/"));
    assertNotNull(put(false, ":method", "CONNECT", ":authority", "a:80", ":scheme", "http"));
    assertNull(pseudo(":path=/" + "x".repeat(8192)));
    assertRejected(414);
    for (String query : List.of("%x", "%", "%4", "a%4", "%4g", "%g4", "%41%")) {
      assertNull(pseudo(":path=/?" + query));
      assertRejected(400);
    }
    assertNull(pseudo(":path=/%?a=%4F%af"));
    assertNull(fields.rejection());
    assertNull(more("expect", "a miracle"));
    assertRejected(417);
    String[] many = new String[200];
    Arrays.fill(many, "x");
    assertNull(more(many));
    assertRejected(431);
    fields.begin(false);
    fields.tooLarge();
    assertNull(fields.end());
    assertRejected(431);
  }

  @Test
  void trailers_haveTheirOwnLimit() {
    assertNull(put(true, "a", "b"));
    assertNull(fields.rejection());
    assertEquals(Headers.of("a", "b"), fields.trailers());
    assertNull(put(true, "a", "b".repeat(8188)));
    assertRejected(431);
  }
}
