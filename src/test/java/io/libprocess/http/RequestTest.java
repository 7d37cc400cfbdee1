package io.libprocess.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTest {

  private final Pipe<Chunk> pipe = Pipe.unbounded();
  private final Request streamed = Request.post("/x", Body.of(pipe.reader()));

  @Test
  void target_takenApart() {
    Request request = Request.get("/a%20b/c?k=v%2B1&empty&k2=2#part");

    assertEquals("/a%20b/c", request.path());
    assertEquals(Map.of("k", "v+1", "empty", "", "k2", "2"), request.query());
    assertEquals(Optional.of("v+1"), request.query("k"));
    assertEquals(Optional.empty(), request.query("none"));
    assertEquals(Optional.of("part"), request.fragment());
  }

  @Test
  void target_bare() {
    Request request = Request.get("/");

    assertEquals("/", request.path());
    assertEquals(Map.of(), request.query());
    assertEquals(Optional.empty(), request.fragment());
    assertSame(request.query(), request.query());
  }

  @Test
  void target_fragmentWithAQuestionMark() {
    Request request = Request.get("/a#b?c=d");

    assertEquals("/a", request.path());
    assertEquals(Map.of(), request.query());
    assertEquals(Optional.of("b?c=d"), request.fragment());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "http://a/", "/a b", "/\n", "/\u00e9", "/?%x=%y"})
  void target_illegal(String target) {
    assertThrows(IllegalArgumentException.class, () -> Request.get(target));
    assertThrows(IllegalArgumentException.class, () -> Request.get("/").withTarget(target));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "G T", "GET\r", "\u0147"})
  void method_illegal(String method) {
    assertThrows(IllegalArgumentException.class, () -> Request.of(method, "/"));
  }

  private static final String BOOKS = "/books/{isbn}/chapters/{chapter}";

  private static Map<String, String> segments(String path) {
    return Request.get(path).segments(BOOKS);
  }

  private static void assertNoSegments(String problem, String path) {
    StatusException refused = assertThrows(StatusException.class, () -> segments(path));
    assertEquals(Status.NOT_FOUND, refused.status());
    assertEquals(problem, refused.getMessage());
  }

  @Test
  void HTTPTest_PathParse() {
    assertEquals(
        Map.of("books", "books", "isbn", "0304827484", "chapters", "chapters", "chapter", "3"),
        segments("/books/0304827484/chapters/3"));
    assertEquals(
        Map.of("books", "books", "isbn", "0304827484", "chapters", "chapters"),
        segments("/books/0304827484/chapters"));
    assertEquals(Map.of("books", "books", "isbn", "0304827484"), segments("/books/0304827484"));
    assertNoSegments("Expecting 'books' not 'chapters'", "/chapters/3");
    assertNoSegments("Expecting 'chapters' not 'pages'", "/books/0304827484/pages/3");
    assertNoSegments("Not expecting suffix 'a/b'", "/books/0304827484/chapters/3/a/b");
  }

  @Test
  void segments_areDecodedAndSlashesDoNotCount() {
    assertEquals(Map.of(), segments("/"));
    assertEquals(
        Map.of("books", "books", "isbn", "a/b c+d"), segments("//books//a%2Fb%20c+d/?x=/y#/z"));
    assertThrows(StatusException.class, () -> segments("/books/%zz"));
  }

  @Test
  void body_ofBytes() {
    Request request = Request.post("/", Body.of("hällo"));

    assertEquals("hällo", request.text());
    assertEquals(Chunk.utf8("hällo"), request.bytes());
    assertEquals("", Request.get("/").text());
  }

  @Test
  void bytes_ofAStream() {
    assertThrows(IllegalStateException.class, streamed::bytes);
    assertThrows(IllegalStateException.class, streamed::text);
  }

  @Test
  void withTarget_keepsTheRest() {
    Request request = Request.post("/a?b", Body.of("c")).withHeader("D", "e").withKeepAlive(true);
    Request moved = request.withTarget("/z?y=x");

    assertEquals("/z", moved.path());
    assertEquals(Optional.of("x"), moved.query("y"));
    assertEquals("c", moved.text());
    assertEquals(Optional.of("e"), moved.headers().first("D"));
    assertTrue(moved.keepAlive());
    assertTrue(Request.get("/").keepAlive());
    assertEquals("POST /z?y=x", moved.toString());
  }

  /* ------ Buffering ------ */

  @Test
  void buffered_readsToTheEnd() {
    Future<Request> request = streamed.buffered(10);
    pipe.writer().write(Chunk.utf8("hello"));
    pipe.writer().write(Chunk.utf8("world"));
    assertTrue(request.isPending());
    pipe.writer().close();

    assertEquals("helloworld", request.get().text());
    assertEquals("/x", request.get().path());
  }

  @Test
  void buffered_emptyStream() {
    pipe.writer().close();

    assertInstanceOf(Body.Empty.class, streamed.buffered(0).get().body());
  }

  @Test
  void buffered_oneByteTooMuch() {
    Future<Request> request = streamed.buffered(9);
    pipe.writer().write(Chunk.utf8("hello"));
    pipe.writer().write(Chunk.utf8("world"));

    assertTooLarge(request);
    assertTrue(pipe.writer().readerClosed().isReady());
  }

  @Test
  void buffered_tooMuchAnnounced() {
    Future<Request> request = streamed.withHeader("Content-Length", "10").buffered(9);

    assertTooLarge(request);
    assertTrue(pipe.writer().readerClosed().isReady());
  }

  @Test
  void buffered_bytesThatAreThere() {
    Request request = Request.post("/", Body.of("12345"));

    assertSame(request, request.buffered(5).get());
    assertTooLarge(request.buffered(4));
  }

  private static void assertTooLarge(Future<Request> request) {
    assertEquals(
        Status.CONTENT_TOO_LARGE,
        assertInstanceOf(StatusException.class, request.failure()).status());
  }

  @Test
  void buffered_streamFails() {
    Future<Request> request = streamed.buffered(9);
    Failure failure = new Failure("cut off");
    pipe.writer().fail(failure);

    assertSame(failure, request.failure());
  }

  @Test
  void buffered_discard() {
    Future<Request> request = streamed.buffered(9);
    request.discard();

    assertTrue(request.isDiscarded());
  }

  private record Point(int x, int y) {}

  @Test
  void json_readsTheBody() {
    assertEquals(
        new Point(1, 2), Request.post("/", Body.of("{\"x\":1,\"y\":2}")).json(Point.class));
  }

  @Test
  void json_thatDoesNotFit_isABadRequest() {
    Request request = Request.post("/", Body.of("{\"x\":1}"));
    StatusException refused = assertThrows(StatusException.class, () -> request.json(Point.class));

    assertEquals(Status.BAD_REQUEST, refused.status());
    assertEquals("The body is not as expected. Point.y: is missing", refused.getMessage());
    assertThrows(StatusException.class, () -> Request.get("/").json(Point.class));
  }
}
