package io.libprocess.http.server;

import static io.libprocess.http.server.Http2Wire.ACK;
import static io.libprocess.http.server.Http2Wire.CONTINUATION;
import static io.libprocess.http.server.Http2Wire.DATA;
import static io.libprocess.http.server.Http2Wire.END_HEADERS;
import static io.libprocess.http.server.Http2Wire.END_STREAM;
import static io.libprocess.http.server.Http2Wire.HEADERS;
import static io.libprocess.http.server.Http2Wire.PADDED;
import static io.libprocess.http.server.Http2Wire.PRIORITY_FLAG;
import static io.libprocess.http.server.Http2Wire.ascii;
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
import static io.libprocess.http.server.Http2Wire.settingsAck;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Version;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The beginning, messages, settings and the end of a connection of HTTP/2, each case with the
 * octets in one piece and one by one: among them those of the conformance tests of h2spec.
 */
@ParameterizedClass
@ValueSource(booleans = {false, true})
class Http2ConnectionTest {

  private static final String OK = ":status=200 content-length=0";

  private final Http2Fixture client;

  Http2ConnectionTest(boolean bytewise) {
    client = new Http2Fixture(bytewise);
  }

  @AfterEach
  void close() {
    client.close();
  }

  private void answer(int call) {
    client.server.call(call).answer(Response.ok());
  }

  /* ------ The beginning ------ */

  @Test
  void preface_isAnsweredWithSettings() {
    client.open();

    assertFalse(client.channel.closesAfterWrites());
  }

  @Test
  void preface_nothingIsSentBeforeItIsComplete() {
    client.receive(Arrays.copyOf(Http2Wire.PREFACE, 23));

    assertEquals("", client.channel.takeSent());
  }

  @Test
  void almostAPreface_isHttp1() {
    client.receive(ascii("PRI * HTTP/1.1\r\nHost: a\r\n\r\n"));

    assertTrue(client.channel.takeSent().startsWith("HTTP/1.1 501"));
  }

  @Test
  void http1_isServedOnTheSamePort() {
    client.receive(ascii("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"));
    client.server.call(0).answer("hello");

    assertEquals(ServerFixture.ok("hello"), client.server.sent());
  }

  @Test
  void partOfAPreface_isGivenUpAfterTheTimeForAHead() {
    client.receive(ascii("PRI * HT"));
    client.server.passTime(Duration.ofSeconds(13));

    assertTrue(client.channel.isClosed());
  }

  @Test
  void firstFrameThatIsNotSettings_isAConnectionError() {
    client.receive(Http2Wire.PREFACE, ping(0, "abcdefgh"));

    client.assertEnded(0, "PROTOCOL_ERROR");
  }

  @Test
  void settingsThatDoNotCome_endTheConnection() {
    client.receive(Http2Wire.PREFACE);
    client.server.passTime(Duration.ofSeconds(13));

    client.assertSent(Http2Fixture.SETTINGS, Http2Fixture.WINDOW);
    assertTrue(client.channel.closesAfterWrites());
  }

  @Test
  void settingsThatAreNotAcknowledged_endTheConnection() {
    client.receive(Http2Wire.PREFACE, settings());
    client.server.passTime(Duration.ofSeconds(13));

    client.assertEnded(0, "SETTINGS_TIMEOUT");
  }

  /* ------ Messages ------ */

  @Test
  void request_isAnswered() {
    client.open();
    client.receive(get(1, "/path?a=b"));
    Request request = client.server.call(0).request();
    client.server.call(0).answer("hello");

    assertEquals(Version.HTTP_2, request.version());
    assertEquals("GET", request.method());
    assertEquals("/path", request.path());
    assertEquals("a", request.headers().first("Host", ""));
    client.assertSent(
        "HEADERS 1 :status=200 content-length=5 content-type=text/plain; charset=utf-8",
        "DATA 1 hello END");
  }

  @Test
  void head_hasNoBody() {
    client.open();
    client.receive(headers(1, END_STREAM, fields("HEAD", "/")));
    client.server.call(0).answer("hello");

    client.assertSent(
        "HEADERS 1 :status=200 content-length=5 content-type=text/plain; charset=utf-8 END");
  }

  @Test
  void post_withItsBodyInTheSameRead_hasTheBodyAsBytes() {
    client.open();
    client.receive(post(1, "/", "content-length", "5"), data(1, END_STREAM, "hello"));

    client.assertCalled("/");
    assertEquals("hello", client.server.call(0).request().buffered(10).get().text());
  }

  @Test
  void post_withTrailers() {
    client.open();
    client.receive(
        post(1, "/"), data(1, 0, "a"), data(1, 0, "b"), headers(1, END_STREAM, "x-sum", "7"));
    Request request = client.server.call(0).request();

    assertEquals("ab", request.buffered(10).get().text());
    assertEquals("7", request.trailers().get().first("X-Sum", ""));
  }

  @Test
  void responses_leaveAsTheyCome() {
    client.open();
    client.receive(get(1, "/1"), get(3, "/3"), get(5, "/5"));
    client.assertCalled("/1", "/3", "/5");
    answer(2);
    answer(0);

    client.assertSent("HEADERS 5 " + OK + " END", "HEADERS 1 " + OK + " END");
  }

  @Test
  void connectionFields_areLeftOut() {
    client.open();
    client.receive(get(1, "/"));
    client
        .server
        .call(0)
        .answer(
            Response.ok()
                .withHeader("Keep-Alive", "5")
                .withHeader("Connection", "keep-alive")
                .withHeader("X-A", "1"));

    client.assertSent("HEADERS 1 " + OK + " x-a=1 END");
  }

  @Test
  void connectionClose_endsTheConnectionGracefully() {
    client.open();
    client.receive(get(1, "/"));
    client.server.call(0).answer(Response.ok().withHeader("Connection", "close"));
    client.assertSent("HEADERS 1 " + OK + " END", "GOAWAY 2147483647 NO_ERROR", "PING \0\0\0leave");
    client.receive(ping(ACK, "\0\0\0leave"));

    client.assertEnded(1, "NO_ERROR");
  }

  @Test
  void connect_isNotSupported() {
    client.open();
    client.receive(headers(1, END_STREAM, ":method", "CONNECT", ":authority", "a"));

    assertTrue(client.sent().get(0).startsWith("HEADERS 1 :status=501"));
    client.assertCalled();
  }

  @Test
  void paddingAndPriority_areSkipped() {
    client.open();
    byte[] padding = new byte[3];
    client.receive(
        frame(
            HEADERS,
            END_HEADERS | PADDED | PRIORITY_FLAG,
            1,
            join(new byte[] {3}, integers(0), new byte[] {9}, block(fields("POST", "/")), padding)),
        frame(DATA, PADDED | END_STREAM, 1, join(new byte[] {3}, ascii("hello"), padding)));

    assertEquals("hello", client.server.call(0).request().buffered(10).get().text());
  }

  @Test
  void headersInManyFrames() {
    client.open();
    byte[] block = block(fields("GET", "/"));
    byte[] none = {};
    client.receive(
        frame(HEADERS, END_STREAM, 1, Arrays.copyOf(block, 5)),
        frame(CONTINUATION, 0, 1, Arrays.copyOfRange(block, 5, block.length)),
        frame(CONTINUATION, END_HEADERS, 1, none));

    client.assertCalled("/");
  }

  /* ------ Settings, pings, the end ------ */

  @Test
  void settings_areAcknowledgedInTheirOrder() {
    client.open();
    client.receive(settings(3, 10), settings(0x1234, 1), ping(0, "abcdefgh"));

    client.assertSent("SETTINGS ACK", "SETTINGS ACK", "PING ACK abcdefgh");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2 2 PROTOCOL_ERROR",
        "4 2147483648 FLOW_CONTROL_ERROR",
        "5 16383 PROTOCOL_ERROR",
        "5 16777216 PROTOCOL_ERROR",
        "9 2 PROTOCOL_ERROR"
      })
  void settingOutOfRange_isAConnectionError(String setting) {
    client.open();
    String[] parts = setting.split(" ");
    client.receive(settings(Long.parseLong(parts[0]), Long.parseLong(parts[1])));

    client.assertEnded(0, parts[2]);
  }

  @Test
  void choiceOfPriorities_isNotChangedLater() {
    client.open(9, 0);
    client.receive(settings(9, 0));
    client.assertSent("SETTINGS ACK");
    client.receive(settings(9, 1));

    client.assertEnded(0, "PROTOCOL_ERROR");
  }

  @Test
  void pingThatAnswersNothing_isIgnored() {
    client.open();
    client.receive(ping(ACK, "invalid!"));

    client.assertAlive();
  }

  @Test
  void goAway_letsTheRequestsEnd() {
    client.open();
    client.receive(get(1, "/"), goAway(0, 0));
    client.assertSent("GOAWAY 2147483647 NO_ERROR", "PING \0\0\0leave");
    client.receive(ping(ACK, "\0\0\0leave"));
    client.assertSent("GOAWAY 1 NO_ERROR");
    answer(0);

    client.assertSent("HEADERS 1 " + OK + " END");
    assertTrue(client.channel.closesAfterWrites());
  }

  @Test
  void goAway_withAnUnknownError_isNoError() {
    client.open();
    client.receive(goAway(0, 0xFF));

    client.assertSent("GOAWAY 2147483647 NO_ERROR", "PING \0\0\0leave");
  }

  @Test
  void goAway_withAHigherStreamThanBefore_isAConnectionError() {
    client.open();
    client.receive(goAway(0, 0), goAway(2, 0));

    client.assertEnded(0, "PROTOCOL_ERROR");
  }

  @Test
  void reset_withAnUnknownError_isAReset() {
    client.open();
    client.receive(post(1, "/"));
    client.receive(reset(1, 0xFF));

    client.assertAlive();
    assertTrue(client.server.call(0).promise().future().hasDiscard());
  }

  @Test
  void drain_refusesNothingThatIsOnItsWay() {
    client.open();
    client.server.server.drain();
    client.assertSent("GOAWAY 2147483647 NO_ERROR", "PING \0\0\0leave");
    client.receive(get(1, "/on-its-way"));
    client.receive(ping(ACK, "\0\0\0leave"), get(3, "/too-late"));
    client.assertCalled("/on-its-way");
    client.assertSent("GOAWAY 1 NO_ERROR");
    answer(0);

    client.assertSent("HEADERS 1 " + OK + " END");
    assertTrue(client.channel.closesAfterWrites());
  }

  @Test
  void drain_goesOnIfThePingIsNotAnswered() {
    client.open();
    client.server.server.drain();
    client.server.passTime(Duration.ofSeconds(4));

    client.assertSent("GOAWAY 2147483647 NO_ERROR", "PING \0\0\0leave", "GOAWAY 0 NO_ERROR");
    assertTrue(client.channel.closesAfterWrites());
  }

  @Test
  void idleConnection_isEnded() {
    client.open();
    client.receive(get(1, "/"));
    client.server.passTime(Duration.ofSeconds(100)); // It is not idle.
    client.assertSent();
    answer(0);
    client.assertSent("HEADERS 1 " + OK + " END");
    client.server.passTime(Duration.ofSeconds(74));
    client.assertSent();
    client.server.passTime(Duration.ofSeconds(8));

    client.assertSent("GOAWAY 2147483647 NO_ERROR", "PING \0\0\0leave", "GOAWAY 1 NO_ERROR");
  }

  @Test
  void clientThatIsGone_discardsItsRequests() {
    client.open();
    client.receive(get(1, "/"), get(3, "/"));
    client.channel.reset();

    assertTrue(client.server.call(0).promise().future().hasDiscard());
    assertTrue(client.server.call(1).promise().future().hasDiscard());
  }

  @Test
  void clientThatHasEndedItsSide_getsItsAnswers() {
    client.open();
    client.receive(get(1, "/"));
    client.channel.receiveEnd();
    client.assertSent("PING \0\0\0alive"); // One that has gone would answer with a reset.
    answer(0);

    client.assertSent("HEADERS 1 " + OK + " END");
    assertTrue(client.channel.closesAfterWrites());
  }

  @Test
  void settingsAckOfAStream_isAConnectionError() {
    client.open();
    client.receive(frame(Http2Wire.SETTINGS, 0, 1, new byte[0]));

    client.assertEnded(0, "PROTOCOL_ERROR");
  }

  @Test
  void secondAck_isIgnored() {
    client.open();
    client.receive(settingsAck());

    client.assertAlive();
  }
}
