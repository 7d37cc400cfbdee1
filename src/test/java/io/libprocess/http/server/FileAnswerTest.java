package io.libprocess.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Status;
import io.libprocess.http.exchange.FileAnswer;
import io.libprocess.support.OpenFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses whose body is a file of ten bytes, changed on 1 November 1994. */
class FileAnswerTest {

  private static final String MODIFIED = "Tue, 01 Nov 1994 00:00:00 GMT";

  @TempDir Path directory;

  private Path path;
  private Response response;
  private ServerFixture fixture;

  @BeforeEach
  void writeFile() throws IOException {
    path = directory.resolve("ten.txt");
    Files.writeString(path, "0123456789");
    Files.setLastModifiedTime(path, FileTime.from(Instant.parse("1994-11-01T00:00:00.25Z")));
    response = Response.file(path).withHeader("ETag", "\"tag\"");
    fixture = new ServerFixture(Limits.defaults(), request -> Future.of(response));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private String fetch(String method, String... fields) {
    String lines = fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
    fixture.receive(method + " / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n");
    return fixture.sent();
  }

  private static int status(String sent) {
    return Integer.parseInt(sent.substring(9, 12));
  }

  private static String body(String sent) {
    return sent.substring(sent.indexOf("\r\n\r\n") + 4);
  }

  private static void assertHas(String sent, String... lines) {
    for (String line : lines) {
      assertTrue(sent.contains("\r\n" + line + "\r\n"), line + " in " + sent);
    }
  }

  @Test
  void get_sendsAllOfIt() {
    String sent = fetch("GET");
    assertEquals(200, status(sent));
    assertEquals("0123456789", body(sent));
    assertHas(
        sent,
        "Content-Length: 10",
        "Content-Type: text/plain",
        "Last-Modified: " + MODIFIED,
        "ETag: \"tag\"",
        "Accept-Ranges: bytes");
  }

  @Test
  void directory_isNoFile() throws IOException {
    response = Response.file(Files.createDirectory(directory.resolve("folder")));

    assertEquals(404, status(fetch("GET")));
  }

  @Test
  void pathBelowAFile_isNotFound() {
    response = Response.file(path.resolve("below"));

    assertEquals(404, status(fetch("GET")));
  }

  @Test
  void head_sendsTheSameHead() {
    String head = fetch("HEAD");
    assertEquals("", body(head));
    assertEquals(fetch("GET"), head + "0123456789");
  }

  @Test
  void head_ignoresARange() {
    assertEquals(200, status(fetch("HEAD", "Range: bytes=1-2")));
  }

  @Test
  void post_ignoresConditionsAndRanges() {
    String sent = fetch("POST", "If-None-Match: *", "Range: bytes=1-2");
    assertEquals(200, status(sent));
    assertEquals("0123456789", body(sent));
  }

  @Test
  void status_ofItsOwnIsKept() {
    response = Response.file(path).withHeader("X-Own", "1");
    response = new Response(Status.of(404), response.headers(), response.body());
    String sent = fetch("GET", "Range: bytes=1-2", "If-None-Match: *");
    assertEquals(404, status(sent));
    assertEquals("0123456789", body(sent));
    assertHas(sent, "X-Own: 1");
  }

  @Test
  void tag_changesWithTheFile() throws IOException {
    response = Response.file(path);
    String before = fetch("GET").replaceAll("(?s).*ETag: (\\S*).*", "$1");
    assertEquals(304, status(fetch("GET", "If-None-Match: " + before)));

    Files.writeString(path, "9876543210");

    assertEquals(200, status(fetch("GET", "If-None-Match: " + before)));
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 0-0",
    "bytes=2-4, 234, 2-4",
    "bytes=8-, 89, 8-9",
    "bytes=-1, 9, 9-9",
  })
  void range_isAnsweredWithThatPart(String range, String expected, String part) {
    String sent = fetch("GET", "Range: " + range);
    assertEquals(206, status(sent));
    assertEquals(expected, body(sent));
    assertHas(sent, "Content-Range: bytes " + part + "/10", "Content-Type: text/plain");
    assertHas(sent, "ETag: \"tag\"", "Content-Length: " + expected.length());
  }

  @Test
  void range_behindTheEnd() {
    String sent = fetch("GET", "Range: bytes=10-");
    assertEquals(416, status(sent));
    assertHas(sent, "Content-Range: bytes */10");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=1-2,4-5", "bytes=4-1", "pages=1-2"})
  void range_thatIsNotServedIsIgnored(String range) {
    String sent = fetch("GET", "Range: " + range);
    assertEquals(200, status(sent));
    assertEquals("0123456789", body(sent));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "If-None-Match: \"tag\"                             | 304",
        "If-None-Match: W/\"tag\"                           | 304",
        "If-None-Match: \"a\", \"tag\"                      | 304",
        "If-None-Match: *                                   | 304",
        "If-None-Match: \"other\"                           | 200",
        "If-Modified-Since: Tue, 01 Nov 1994 00:00:00 GMT   | 304",
        "If-Modified-Since: Tuesday, 01-Nov-94 00:00:00 GMT | 304",
        "If-Modified-Since: Mon, 31 Oct 1994 23:59:59 GMT   | 200",
        "If-Modified-Since: yesterday                       | 200",
        "If-Match: \"tag\"                                  | 200",
        "If-Match: *                                        | 200",
        "If-Match: W/\"tag\"                                | 412",
        "If-Match: \"other\"                                | 412",
        "If-Unmodified-Since: Tue, 01 Nov 1994 00:00:00 GMT | 200",
        "If-Unmodified-Since: Mon, 31 Oct 1994 23:59:59 GMT | 412",
        "If-Unmodified-Since: never                         | 200",
      })
  void condition(String field, int status) {
    assertEquals(status, status(fetch("GET", field)));
    assertEquals(status, status(fetch("HEAD", field)));
  }

  @Test
  void condition_onTheTagGoesBeforeThatOnTheDate() {
    assertEquals(
        200, status(fetch("GET", "If-None-Match: \"x\"", "If-Modified-Since: " + MODIFIED)));
    assertEquals(
        200,
        status(
            fetch(
                "GET", "If-Match: \"tag\"", "If-Unmodified-Since: Mon, 31 Oct 1994 23:59:59 GMT")));
  }

  @Test
  void notModified_hasNoBodyAndNoType() {
    String sent = fetch("GET", "If-None-Match: *");
    assertEquals("", body(sent));
    assertHas(sent, "ETag: \"tag\"", "Last-Modified: " + MODIFIED);
    assertTrue(!sent.contains("Content-"), sent);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"tag\"                         | 206",
        "\"other\"                       | 200",
        "W/\"tag\"                       | 200",
        "Tue, 01 Nov 1994 00:00:00 GMT   | 206",
        "Wed, 02 Nov 1994 00:00:00 GMT   | 200",
        "nonsense                        | 200",
      })
  void ifRange_decidesWhetherTheRangeIsMeant(String validator, int status) {
    assertEquals(status, status(fetch("GET", "Range: bytes=1-2", "If-Range: " + validator)));
  }

  @Test
  void missing_is404() {
    response = Response.file(directory.resolve("missing"));
    assertEquals(404, status(fetch("GET")));
    response = Response.file(directory.resolve("missing/file"));
    assertEquals(404, status(fetch("GET")));
    response = Response.file(path.resolve("below-a-file"));
    assertEquals(404, status(fetch("GET")));
  }

  @Test
  void directory_is404() {
    response = Response.file(directory);
    assertEquals(404, status(fetch("GET")));
  }

  @Test
  void slowClient_isSentOnlyWhatItTakes() throws IOException {
    Files.write(path, new byte[5 << 20]);
    fixture.channel.becomeSlow();
    String sent = fetch("GET");
    int total = body(sent).length();
    for (int i = 0; i < 10 && total < 5 << 20; i++) {
      assertTrue(fixture.channel.queued() <= 2 << 20, () -> "queued " + fixture.channel.queued());
      fixture.channel.drain();
      total += fixture.sent().length();
    }
    assertEquals(5 << 20, total);
  }

  @Test
  void file_thatShrinksCutsTheConnection() throws IOException {
    Files.write(path, new byte[3 << 20]);
    fixture.channel.becomeSlow();
    fetch("GET");
    Files.write(path, new byte[1]);
    fixture.channel.drain();
    assertTrue(fixture.channel.closesAfterWrites());
  }

  @ParameterizedTest
  @CsvSource({"If-None-Match, *, 304", "If-Match, nothing, 412", "Range, bytes=900000-, 416"})
  void file_thatIsNotSentIsClosed(String field, String value, int status) throws Exception {
    Request request = Request.get("/").withHeader(field, value);
    FileAnswer.Opened opened = FileAnswer.open(request, Response.ok(), path);
    assertEquals(status, opened.response().status().code());
    assertNull(opened.file());
    assertFalse(OpenFiles.contain(path), "still open");
  }
}
