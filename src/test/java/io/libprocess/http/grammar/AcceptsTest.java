package io.libprocess.http.grammar;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Headers;
import io.libprocess.http.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gzip;q=0.0,*",
        "compress",
        "compress, gzip;q=0.0",
        "*, gzip;q=0.0",
        "*;q=0.0, compress",
        "\n compress",
        "compress,\tgzip;q=0.0",
        "gzipbug;q=0.1",
        "gzip;Q=0",
        "",
        ";",
        ","
      })
  void encoding_refused(String accept) {
    assertFalse(Accepts.encoding(accept, "gzip"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gzip;q=0.1,*",
        "compress, gzip;q=0.1",
        "*, gzip;q=0.5",
        "*;q=0.9, compress",
        "\n gzip",
        "compress,\tgzip",
        "compress, gzip",
        "GZIP",
        "*",
        "*,compress",
        ";, gzip",
        "gzip;q=1;q=0",
        "gzip;level=9"
      })
  void encoding_accepted(String accept) {
    assertTrue(Accepts.encoding(accept, "gzip"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip;q=", "gzip;q=x", "gzip;q=-1", "gzip;q=NaN", "gzip;q=0x1"})
  void encoding_weightIsNoNumber(String accept) {
    assertFalse(Accepts.encoding(accept, "gzip"));
  }

  private static Request accepting(String accept) {
    return Request.get("/").withHeader("Accept", accept);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/*;q=0.0",
        "text/html;q=0.0, text/*;q=0.0",
        "text/",
        "textttt/*",
        "tex/*",
        "xtext/*",
        "text",
        "foo/*",
        "foo/*,text/*;q=0.0",
        "*/*;q=0.0",
        "*/*;q=0.0, foo",
        "*/*, text/*;q=0.0",
        ""
      })
  void mediaType_refused(String accept) {
    assertFalse(accepting(accept).acceptsMediaType("text/*"), accept);
    assertFalse(accepting(accept).acceptsMediaType("text/html"), accept);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/*",
        "text/*;q=0.1",
        "text/html",
        "text/html;q=0.1",
        "text/bar, text/html,q=0.1",
        "text/bar, text/html;q=0.1",
        "*/*",
        "*/*;q=0.1",
        "*/*, text/bar;q=0.5",
        "foo, TEXT/HTML",
        "text/html, text/*;q=0, */*;q=0"
      })
  void mediaType_accepted(String accept) {
    assertTrue(accepting(accept).acceptsMediaType("text/html"), accept);
  }

  @Test
  void mediaType_rangeIsOfTheWholeType() {
    assertTrue(accepting("application/*").acceptsMediaType("application/json"));
    assertFalse(accepting("appl/*").acceptsMediaType("application/json"));
    assertFalse(accepting("application/*").acceptsMediaType("app/json"));
  }

  @Test
  void mediaType_mostSpecificDecides() {
    assertFalse(accepting("text/html;q=0, */*").acceptsMediaType("text/html"));
    assertTrue(accepting("text/html;q=0, */*").acceptsMediaType("text/plain"));
  }

  @Test
  void mediaType_noHeader() {
    assertTrue(Request.get("/").acceptsMediaType("text/html"));
    assertTrue(Request.get("/").acceptsMediaType("X-Accept", "text/html"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "text", "text/", "/html", "a/b/c"})
  void mediaType_thatIsNone(String mediaType) {
    assertFalse(accepting("*/*").acceptsMediaType(mediaType));
    assertFalse(Request.get("/").acceptsMediaType(mediaType));
  }

  @Test
  void mediaType_ofSingleLetters() {
    assertTrue(accepting("a/*").acceptsMediaType("a/b"));
  }

  @Test
  void mediaType_byAnotherHeader() {
    Request request = Request.get("/").withHeader("X-Accept", "text/html");

    assertTrue(request.acceptsMediaType("X-Accept", "text/html"));
    assertFalse(request.acceptsMediaType("X-Accept", "text/plain"));
  }

  @Test
  void encoding_ofARequest() {
    Request request =
        Request.get("/")
            .withHeaders(Headers.of("Accept-Encoding", "br", "accept-encoding", "gzip"));

    assertTrue(request.acceptsEncoding("gzip"));
    assertFalse(Request.get("/").acceptsEncoding("gzip"));
  }
}
