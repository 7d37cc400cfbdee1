package io.libprocess.http.server;

import static io.libprocess.http.server.H2specCase.answers;
import static io.libprocess.http.server.H2specCase.coded;
import static io.libprocess.http.server.H2specCase.ends;
import static io.libprocess.http.server.H2specCase.ignores;
import static io.libprocess.http.server.H2specCase.leaves;
import static io.libprocess.http.server.H2specCase.of;
import static io.libprocess.http.server.H2specCase.sends;
import static io.libprocess.http.server.Http2Wire.CONTINUATION;
import static io.libprocess.http.server.Http2Wire.DATA;
import static io.libprocess.http.server.Http2Wire.END_HEADERS;
import static io.libprocess.http.server.Http2Wire.END_STREAM;
import static io.libprocess.http.server.Http2Wire.HEADERS;
import static io.libprocess.http.server.Http2Wire.PADDED;
import static io.libprocess.http.server.Http2Wire.PRIORITY;
import static io.libprocess.http.server.Http2Wire.PRIORITY_FLAG;
import static io.libprocess.http.server.Http2Wire.block;
import static io.libprocess.http.server.Http2Wire.data;
import static io.libprocess.http.server.Http2Wire.fields;
import static io.libprocess.http.server.Http2Wire.frame;
import static io.libprocess.http.server.Http2Wire.get;
import static io.libprocess.http.server.Http2Wire.goAway;
import static io.libprocess.http.server.Http2Wire.headers;
import static io.libprocess.http.server.Http2Wire.integers;
import static io.libprocess.http.server.Http2Wire.join;
import static io.libprocess.http.server.Http2Wire.ping;
import static io.libprocess.http.server.Http2Wire.post;
import static io.libprocess.http.server.Http2Wire.reset;
import static io.libprocess.http.server.Http2Wire.settings;
import static io.libprocess.http.server.Http2Wire.windowUpdate;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The cases of h2spec 2.6 of its generic part and of HPACK, each with the octets in one piece and
 * one by one. {@link H2specErrorsTest} has those of RFC 9113 itself.
 */
class H2specTest {

  private static final String TEXT =
      " :status=200 content-length=%d content-type=text/plain;" + " charset=utf-8";
  private static final byte[] HALVES = block(fields("GET", "/", "x-test", "1"));

  static byte[] priority(int stream, int dependency, int weight) {
    return frame(PRIORITY, 0, stream, join(integers(dependency), new byte[] {(byte) (weight - 1)}));
  }

  static byte[] part(int type, int flags, int stream, byte[] block, int from, int to) {
    return frame(type, flags, stream, Arrays.copyOfRange(block, from, to));
  }

  static Stream<H2specCase> generic() {
    return Stream.of(
        of("1/1 preface", Http2Fixture::open),
        of(
            "2/1 PRIORITY on an idle stream",
            answers(1, "GET / - 0", priority(1, 0, 256), get(1, "/"))),
        of("2/2 WINDOW_UPDATE half-closed", ignores(get(1, "/waits"), windowUpdate(1, 100))),
        of("2/3 PRIORITY half-closed", ignores(get(1, "/waits"), priority(1, 0, 256))),
        of("2/4 RST_STREAM half-closed", ignores(get(1, "/waits"), reset(1, 8))),
        of("2/5 PRIORITY closed", answers(1, "GET / - 0", get(1, "/"), priority(1, 0, 256))),
        of("3.1/1 DATA", answers(1, "POST / - 4", post(1, "/"), data(1, END_STREAM, "test"))),
        of(
            "3.1/2 DATA twice",
            answers(
                1, "POST / - 8", post(1, "/"), data(1, 0, "test"), data(1, END_STREAM, "test"))),
        of(
            "3.1/3 DATA padded",
            answers(
                1,
                "POST / - 4",
                post(1, "/"),
                frame(DATA, PADDED | END_STREAM, 1, new byte[] {6, 1, 2, 3, 4, 0, 0, 0, 0, 0, 0}))),
        of("3.2/1 HEADERS", answers(1, "GET / - 0", get(1, "/"))),
        of(
            "3.2/2 HEADERS padded",
            answers(
                1,
                "GET / 1 0",
                frame(
                    HEADERS,
                    PADDED | END_STREAM | END_HEADERS,
                    1,
                    join(new byte[] {6}, HALVES, new byte[6])))),
        of(
            "3.2/3 HEADERS with priority",
            answers(
                1,
                "GET / 1 0",
                frame(
                    HEADERS,
                    PRIORITY_FLAG | END_STREAM | END_HEADERS,
                    1,
                    join(integers(0), new byte[] {(byte) 255}, HALVES)))),
        of("3.3/1 PRIORITY 1", answers(1, "GET / - 0", priority(1, 0, 1), get(1, "/"))),
        of("3.3/2 PRIORITY 256", answers(1, "GET / - 0", priority(1, 0, 256), get(1, "/"))),
        of(
            "3.3/3 PRIORITY with a dependency",
            answers(3, "GET / - 0", priority(1, 0, 256), priority(3, 1, 256), get(3, "/"))),
        of(
            "3.3/4 PRIORITY exclusive",
            answers(3, "GET / - 0", priority(3, 1 | 1 << 31, 256), get(3, "/"))),
        of(
            "3.3/5 PRIORITY idle, then a lower stream",
            answers(1, "GET / - 0", priority(3, 0, 256), get(1, "/"))),
        of("3.4/1 RST_STREAM", ignores(get(1, "/waits"), reset(1, 8))),
        of("3.5/1 SETTINGS", sends(List.of("SETTINGS ACK"), settings(3, 100))),
        of("3.7/1 PING", sends(List.of("PING ACK h2spec78"), ping(0, "h2spec78"))),
        of("3.8/1 GOAWAY", leaves(goAway(0, 0))),
        of(
            "3.9/1 WINDOW_UPDATE of the connection",
            answers(1, "GET / - 0", windowUpdate(0, 1), get(1, "/"))),
        of("3.9/2 WINDOW_UPDATE of a stream", ignores(get(1, "/waits"), windowUpdate(1, 1))),
        of(
            "3.10/1 CONTINUATION",
            answers(
                1,
                "GET / 1 0",
                part(HEADERS, END_STREAM, 1, HALVES, 0, 20),
                part(CONTINUATION, END_HEADERS, 1, HALVES, 20, HALVES.length))),
        of(
            "3.10/2 CONTINUATION twice",
            answers(
                1,
                "GET / 1 0",
                part(HEADERS, END_STREAM, 1, HALVES, 0, 20),
                part(CONTINUATION, 0, 1, HALVES, 20, 30),
                part(CONTINUATION, END_HEADERS, 1, HALVES, 30, HALVES.length))),
        of("4/1 GET", answers(1, "GET / - 0", get(1, "/"))),
        of(
            "4/2 HEAD",
            sends(
                List.of("HEADERS 1" + TEXT.formatted(10) + " END"),
                headers(1, END_STREAM, fields("HEAD", "/")))),
        of("4/3 POST", answers(1, "POST / - 4", post(1, "/"), data(1, END_STREAM, "test"))),
        of(
            "4/4 POST with trailers",
            answers(
                1,
                "POST / - 4",
                post(1, "/", "trailer", "x-test"),
                data(1, 0, "test"),
                headers(1, END_STREAM, "x-test", "ok"))));
  }

  private static final String TEST = "0474657374";
  private static final String SHORT_TEST = "8349509f"; // By Huffman's code.
  private static final String NAME = "06782d74657374";
  private static final String SHORT_NAME = "85f2b24a84ff";

  /** A block that is read, and its field in the answer. */
  private static H2specCase read(String name, String block, String field) {
    return of(name, answers(1, "GET / " + field + " 0", coded(1, block)));
  }

  /** A block that cannot be read. */
  private static H2specCase unread(String name, String block) {
    return of(name, ends(0, "COMPRESSION_ERROR", coded(1, block)));
  }

  static Stream<H2specCase> genericHpack() {
    return Stream.of(
        read("5/1 indexed", "90", "-"),
        read("5/2 literal, indexed, known name", "7a" + TEST, "test"),
        read("5/3 literal, indexed, known name, Huffman", "7a" + SHORT_TEST, "test"),
        read("5/4 literal, indexed, new name", "40" + NAME + TEST, "test"),
        read("5/5 literal, indexed, new name, Huffman", "40" + SHORT_NAME + SHORT_TEST, "test"),
        read("5/6 literal, known name", "0f2b" + TEST, "test"),
        read("5/7 literal, known name, Huffman", "0f2b" + SHORT_TEST, "test"),
        read("5/8 literal, new name", "00" + NAME + TEST, "test"),
        read("5/9 literal, new name, Huffman", "00" + SHORT_NAME + SHORT_TEST, "test"),
        read("5/10 never indexed, known name", "1f2b" + TEST, "test"),
        read("5/11 never indexed, known name, Huffman", "1f2b" + SHORT_TEST, "test"),
        read("5/12 never indexed, new name", "10" + NAME + TEST, "test"),
        read("5/13 never indexed, new name, Huffman", "10" + SHORT_NAME + SHORT_TEST, "test"),
        of("5/14 size of the table", answers(1, "GET / - 0", sized("3f21"))),
        of("5/15 size of the table, twice", answers(1, "GET / - 0", sized("3f213fe11f"))));
  }

  /** A request whose block begins with changes of the size of the table. */
  private static byte[] sized(String changes) {
    byte[] octets = java.util.HexFormat.of().parseHex(changes + "828684010161");
    return frame(HEADERS, END_STREAM | END_HEADERS, 1, octets);
  }

  static Stream<H2specCase> hpack() {
    return Stream.of(
        unread("2.3.3/1 indexed, invalid index", "c6"),
        unread("2.3.3/2 literal, invalid index", "7f07" + TEST),
        unread("4.2/1 size of the table at the end of a block", "3f21"),
        unread("5.2/1 padding of more than 7 bits", "00" + SHORT_NAME + "8449509fff"),
        unread("5.2/2 padding of zeros", "00" + SHORT_NAME + "83495090"),
        unread("5.2/3 EOS in a text", "00" + SHORT_NAME + "8749509ffffffffc"),
        unread("6.1/1 index 0", "80"),
        of(
            "6.3/1 size of the table above the setting",
            ends(0, "COMPRESSION_ERROR", sized("3fe21f"))));
  }

  private static void run(H2specCase one) {
    one.run(false);
    one.run(true);
  }

  @ParameterizedTest
  @MethodSource("generic")
  void generic(H2specCase one) {
    run(one);
  }

  @ParameterizedTest
  @MethodSource("genericHpack")
  void genericHpack(H2specCase one) {
    run(one);
  }

  @ParameterizedTest
  @MethodSource("hpack")
  void hpack(H2specCase one) {
    run(one);
  }

  @Test
  void cases_areAllOfThem() {
    assertEquals(44, generic().count() + genericHpack().count());
    assertEquals(8, hpack().count());
    assertEquals(94, H2specErrorsTest.frames().count() + H2specErrorsTest.messages().count());
  }
}
