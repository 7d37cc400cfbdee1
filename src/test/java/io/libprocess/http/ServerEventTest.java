package io.libprocess.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.stream.Sink;
import io.libprocess.stream.Stream;
import io.libprocess.stream.Transform;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events on the wire, in pieces of any size. */
class ServerEventTest {

  private static final int MOST = 1000;

  private static Stream<ServerEvent> events(String text, int size) {
    return Stream.of(Chunk.utf8(text)).via(Transform.rechunk(size)).via(ServerEvent.decode(MOST));
  }

  private static List<ServerEvent> decoded(String text, int size) {
    return events(text, size).to(Sink.toList(MOST)).get();
  }

  private static String data(String text, int size) {
    return decoded(text, size).stream().map(ServerEvent::data).collect(Collectors.joining("|"));
  }

  private static final ServerEvent ANY = ServerEvent.of("");

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 1000})
  void decode_theExamplesOfTheStandard(int size) {
    assertEquals("YHOO\n+2\n10", data("data: YHOO\ndata: +2\ndata: 10\n\n", size));
    List<ServerEvent> four =
        decoded(
            ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\n"
                + "data:  third event\n\n",
            size);
    assertEquals(
        List.of(
            ServerEvent.of("first event").withId("1"),
            ServerEvent.of("second event"),
            ServerEvent.of(" third event")),
        four);
    assertEquals("|\n", data("data\n\ndata\ndata\n\ndata:", size));
    assertEquals("test|test", data("data:test\n\ndata: test\n\n", size));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 1000})
  void decode_lineEndsOfAllKinds(int size) {
    assertEquals("a\nb|c", data("data:a\r\ndata:b\r\n\r\ndata:c\r\r", size));
    assertEquals("a|b", data("data:a\n\r\ndata:b\r\n\n", size));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 1000})
  void decode_fields(int size) {
    ServerEvent all =
        new ServerEvent("t", "d\u00e9", "7", java.util.Optional.of(Duration.ofMillis(300)));
    assertEquals(
        List.of(all, ServerEvent.of("next").withId("7")),
        decoded(
            "\uFEFFevent: t\nid:7\nretry: 300\nother: x\ndata: d\u00e9\n\ndata: next\n\n", size));
    assertEquals(
        List.of(ServerEvent.of("a", "{\"\u00fc\"}"), ServerEvent.of("2")),
        decoded("event: a\ndata: {\"\u00fc\"}\n\n: note\ndata: 2\n\n", size));
    assertEquals(List.of(), decoded("event: t\n\n: data\n\n", size));
    assertEquals(List.of(ANY), decoded("retry: x1\nid: a\0b\ndata\n\n", size));
    assertEquals("message", decoded("event: t\n\ndata\n\n", size).get(0).type());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1000})
  void decode_takesATimeOfUpTo18Digits(int size) {
    for (long time : new long[] {0, 9, 90, 999_999_999_999_999_999L}) {
      ServerEvent event = ServerEvent.of("").withRetry(Duration.ofMillis(time));
      assertEquals(List.of(event), decoded("retry: " + time + "\ndata\n\n", size));
    }
    for (String none : List.of("", "-5", "/1", "1000000000000000000", "9".repeat(30))) {
      assertEquals(List.of(ANY), decoded("retry: " + none + "\ndata\n\n", size), none);
    }
  }

  @Test
  void decode_ignoresAnIdWithAZeroAnywhere() {
    assertEquals(List.of(ANY), decoded("id:\0\ndata\n\n", MOST));
    assertEquals(List.of(ANY), decoded("id:a\0\ndata\n\n", MOST));
  }

  @Test
  void decode_skipsAMarkOnlyAtTheBeginning() {
    assertEquals("a|c", data("\uFEFFdata:a\n\n\uFEFFdata:b\n\ndata:c\n\n", MOST));
  }

  @Test
  void decode_withoutALimit() {
    List<ServerEvent> events =
        Stream.of(Chunk.utf8("data: a\n\n"))
            .via(ServerEvent.decode(Integer.MAX_VALUE))
            .to(Sink.toList(MOST))
            .get();

    assertEquals(List.of(ServerEvent.of("a")), events);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1000})
  void encode_isUndoneByDecode(int size) {
    List<ServerEvent> events =
        List.of(
            ServerEvent.of("one"),
            ANY,
            ServerEvent.of("\n"),
            ServerEvent.of("type", " two \nlines: yes").withId("1"),
            ServerEvent.of("x").withId("2").withRetry(Duration.ofSeconds(1)));
    Future<List<ServerEvent>> back =
        Stream.from(events)
            .via(ServerEvent.encode())
            .via(Transform.rechunk(size))
            .via(ServerEvent.decode(MOST))
            .to(Sink.toList(MOST));

    assertEquals(events, back.get());
  }

  @Test
  void encode_writesFieldsInLines() {
    assertEquals(
        "event: t\nid: 1\nretry: 5\ndata: a\ndata: b\ndata: c\n\n",
        Stream.of(ServerEvent.of("t", "a\r\nb\rc").withId("1").withRetry(Duration.ofMillis(5)))
            .via(ServerEvent.encode())
            .to(Sink.head())
            .get()
            .orElseThrow()
            .utf8());
  }

  @Test
  void event_thatCannotBeSent() {
    assertThrows(IllegalArgumentException.class, () -> ServerEvent.of("a\nb", ""));
    assertThrows(IllegalArgumentException.class, () -> ANY.withId("a\rb"));
    assertThrows(IllegalArgumentException.class, () -> ANY.withId("\0"));
    assertThrows(IllegalArgumentException.class, () -> ANY.withRetry(Duration.ofMillis(-1)));
  }

  @Test
  void decode_failsIfALineOrTheDataIsTooLong() {
    String text = "data: " + "x".repeat(400) + "\n";
    assertEquals(1, decoded(text.repeat(2) + "\n", 1000).size());
    assertTrue(events(text.repeat(3) + "\n", 1000).to(Sink.ignore()).isFailed());
    String comment = ":" + "x".repeat(MOST - 1);
    assertTrue(events(comment + "\n", 100).to(Sink.ignore()).isReady());
    Future<?> failed = events(comment + "x", 100).to(Sink.ignore());
    assertEquals(
        "a line or the data of an event has more than " + MOST, failed.failure().getMessage());
    String half = "data:" + "x".repeat(MOST / 2) + "\n"; // The line end counts, but the last.
    assertTrue(events(half + half, MOST).to(Sink.ignore()).isFailed());
    assertEquals(
        MOST, decoded(half + half.replaceFirst("x", "") + "\n", MOST).get(0).data().length());
  }

  @Test
  void events_areSeenAsTheyCome() {
    Pipe<Chunk> pipe = Pipe.bytes();
    Pipe<ServerEvent> out = new Pipe<>(0);
    pipe.reader().stream().via(ServerEvent.decode(MOST)).to(Sink.writer(out));
    pipe.writer().write(Chunk.utf8("data: a\n\ndata: b\n"));
    assertEquals("a", out.reader().read().get().orElseThrow().data());
    Future<?> second = out.reader().read();
    assertTrue(second.isPending());
    pipe.writer().write(Chunk.utf8("\n"));

    assertTrue(second.isReady());
  }

  @Test
  void response_ofEvents() {
    Response response = Response.events(Stream.of(ServerEvent.of("hello")));

    assertEquals("text/event-stream", response.headers().first("Content-Type").orElseThrow());
    assertEquals(
        List.of(ServerEvent.of("hello")),
        response.stream().via(ServerEvent.decode(MOST)).to(Sink.toList(MOST)).get());
  }

  @Test
  void retry_mayBeForEver() {
    ServerEvent event = ServerEvent.of("x").withRetry(ChronoUnit.FOREVER.getDuration());

    assertEquals(
        "retry: " + Long.MAX_VALUE + "\ndata: x\n\n",
        Stream.of(event).via(ServerEvent.encode()).to(Sink.toList(1)).get().get(0).utf8());
  }
}
