package io.libprocess.http.client;

import static io.libprocess.http.client.ClientFixture.assertFailed;
import static io.libprocess.http.client.ClientFixture.piece;
import static io.libprocess.http.client.ClientFixture.reader;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.Headers;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.coding.GzipEncoder;
import io.libprocess.http.http1.FakeChannel;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The client decodes compressed responses, unless the request asked for compression itself. */
class HttpClientGzipTest extends HttpClientFixture {

  private static String gzip(String plain, String... fields) {
    byte[] coded = GzipEncoder.encode(Chunk.utf8(plain)).toArray();
    return "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: "
        + coded.length
        + "\r\n"
        + String.join("", fields)
        + "\r\n"
        + new String(coded, StandardCharsets.ISO_8859_1);
  }

  @Test
  void gzip_isDecoded() {
    Future<Response> response = client.get(URL);
    open(0).receive(gzip("hello", "ETag: x\r\n"));
    assertEquals("hello", response.get().text());
    assertEquals(List.of("ETag: x"), fields(response.get()));
  }

  private static List<String> fields(Response response) {
    return java.util.stream.StreamSupport.stream(response.headers().spliterator(), false)
        .map(Headers.Field::toString)
        .toList();
  }

  @Test
  void gzip_streamIsDecodedPieceByPiece() {
    Future<Response> response = client.stream(URL, Request.get("/"));
    FakeChannel channel = open(0);
    channel.receive(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n");
    try (GzipEncoder encoder = new GzipEncoder()) {
      byte[] first = encoder.next(Chunk.utf8("first")).toArray();
      channel.receive(
          Integer.toHexString(first.length)
              + "\r\n"
              + new String(first, StandardCharsets.ISO_8859_1)
              + "\r\n");
    }
    Pipe.Reader<Chunk> reader = reader(response.get());
    assertEquals("first", piece(reader));
    channel.receive("0\r\n\r\n");
    assertFailed("The gzip body ends early", reader.read());
  }

  @Test
  void gzip_isLeftAloneIfItWasAskedForByHand() {
    Request request = Request.get("/").withHeader("Accept-Encoding", "gzip, br");
    Future<Response> response = client.send(URL, request);
    FakeChannel channel = open(0);
    assertTrue(channel.takeSent().contains("Accept-Encoding: gzip, br\r\n"));
    channel.receive(gzip("hello"));
    assertEquals("gzip", response.get().headers().first("Content-Encoding").get());
  }

  /** A part of a compressed body could not be decoded. */
  @Test
  void gzip_isNotAskedForWithAPart() {
    client.send(URL, Request.get("/").withHeader("Range", "bytes=0-9"));
    assertFalse(open(0).takeSent().contains("Accept-Encoding"));
  }

  @Test
  void gzip_hasAnOldName() {
    Future<Response> response = client.get(URL);
    open(0).receive(gzip("hello").replace("Encoding: gzip", "Encoding: X-GZIP"));
    assertEquals("hello", response.get().text());
  }

  @Test
  void gzip_thatIsNoneFails() {
    Future<Response> response = client.get(URL);
    open(0).receive("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello");
    assertTrue(response.isFailed(), response::toString);
  }

  @Test
  void gzip_bombIsRefused() {
    client =
        client(ClientSettings.builder().limits(Limits.builder().body(1 << 20).build()).build());
    Future<Response> response = client.get(URL);
    open(0).receive(gzip("x".repeat(10 << 20)));
    assertFailed("The body has more than 1048576 bytes.", response);
  }

  @Test
  void gzip_ofHeadIsNoBody() {
    Future<Response> response = client.send(URL, Request.of("HEAD", "/"));
    open(0).receive("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 99\r\n\r\n");
    assertEquals("", response.get().text());
    assertEquals("99", response.get().headers().first("Content-Length").get());
  }
}
