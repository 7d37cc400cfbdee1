package io.libprocess.http.server;

import static io.libprocess.http.server.Http2Wire.CONTINUATION;
import static io.libprocess.http.server.Http2Wire.DATA;
import static io.libprocess.http.server.Http2Wire.END_HEADERS;
import static io.libprocess.http.server.Http2Wire.END_STREAM;
import static io.libprocess.http.server.Http2Wire.HEADERS;
import static io.libprocess.http.server.Http2Wire.block;
import static io.libprocess.http.server.Http2Wire.data;
import static io.libprocess.http.server.Http2Wire.fields;
import static io.libprocess.http.server.Http2Wire.frame;
import static io.libprocess.http.server.Http2Wire.get;
import static io.libprocess.http.server.Http2Wire.integers;
import static io.libprocess.http.server.Http2Wire.join;
import static io.libprocess.http.server.Http2Wire.ping;
import static io.libprocess.http.server.Http2Wire.post;
import static io.libprocess.http.server.Http2Wire.reset;
import static io.libprocess.http.server.Http2Wire.settings;
import static io.libprocess.http.server.Http2Wire.windowUpdate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.stream.Chunk;
import io.libprocess.support.Retained;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What a hostile client can do that is cheap for it: each attack is served just below its limit,
 * and ends the connection just above.
 */
class Http2AbuseTest {

  private static final String CALM = "ENHANCE_YOUR_CALM";
  private static final int CANCEL = 8;
  private static final int RESETS = 1000;
  private static final int ODDITIES = 10_000;
  private static final int FLAT = 100; // Octets and objects: a few for any number of frames.

  private Http2Fixture client = new Http2Fixture(false);

  @AfterEach
  void close() {
    client.close();
  }

  private void answerAtOnce() {
    client.close();
    client = new Http2Fixture(false, Limits.defaults(), request -> Future.of(Response.ok("done")));
  }

  /** Sends frames made of the numbers from..to-1, in one piece. */
  private void receiveAll(int from, int to, IntFunction<byte[]> frame) {
    byte[][] all = new byte[to - from][];
    for (int i = from; i < to; i++) {
      all[i - from] = frame.apply(i);
    }
    client.receive(join(all));
  }

  /**
   * Checks that one more attack than a number ends the connection, that it lives before, and that
   * what the server holds does not grow with the attack.
   */
  private void assertLimit(int most, IntFunction<byte[]> attack) {
    receiveAll(0, most / 2, attack);
    client.sent();
    long memory = client.server.memory.used();
    long retained = retained();
    receiveAll(most / 2, most, attack);
    assertFalse(client.channel.closesAfterWrites(), "ended too early: " + lastSent());
    client.sent();
    assertEquals(memory, client.server.memory.used());
    long more = retained() - retained;
    assertTrue(more <= FLAT, "the server holds " + retained + " and then " + more + " more");
    receiveAll(most, most + 1, attack);
    assertCalm();
  }

  /** What the server holds; its threads are the test's. */
  private long retained() {
    return Retained.by(
        client.channel.handler, object -> object == client.channel || object == client.server);
  }

  private String lastSent() {
    List<String> sent = client.sent();
    return sent.isEmpty() ? "nothing" : sent.get(sent.size() - 1);
  }

  private void assertCalm() {
    assertTrue(client.channel.closesAfterWrites(), "the connection is open");
    String last = lastSent();
    assertTrue(last.startsWith("GOAWAY ") && last.endsWith(" " + CALM), last);
  }

  /** Opens streams and resets each after its request has been read. */
  private void openAndReset(int from, int to) {
    for (int i = from; i < to; i++) {
      client.receive(get(id(i), "/"));
      client.receive(reset(id(i), CANCEL));
    }
  }

  private static int id(int i) {
    return 2 * i + 1;
  }

  /* ------ Resets ------ */

  @Test
  void rapidReset_isLimited() {
    client.close();
    client = new Http2Fixture(false, Limits.defaults(), this::neverUntilDiscarded);
    client.open();
    assertLimit(RESETS, i -> join(get(id(i), "/"), reset(id(i), CANCEL)));
  }

  private Future<Response> neverUntilDiscarded(Request request) {
    Promise<Response> promise = new Promise<>();
    return promise.future().onDiscard(promise::discard);
  }

  @Test
  void rapidReset_slowEnoughIsServed() {
    client.close();
    client = new Http2Fixture(false, Limits.defaults(), this::neverUntilDiscarded);
    client.open();
    int from = 0;
    for (int second = 0; second < 5; second++) {
      receiveAll(from, from + 30, i -> join(get(id(i), "/"), reset(id(i), CANCEL)));
      from += 30;
      client.server.passTime(Duration.ofSeconds(1));
    }
    client.assertAlive();
  }

  @Test
  void resets_afterASecondAreFree() {
    client.open();
    for (int round = 0; round < 20; round++) {
      int first = 100 * round;
      receiveAll(first, first + 100, i -> get(id(i), "/"));
      client.server.passTime(Duration.ofSeconds(2));
      receiveAll(first, first + 100, i -> reset(id(i), CANCEL));
      client.server.calls.forEach(call -> call.promise().discard());
      client.server.calls.clear();
    }
    client.sent();
    client.assertAlive();
  }

  /** The client makes the server reset its streams. */
  @Test
  void madeYouReset_isLimited() {
    client.close();
    client = new Http2Fixture(false, Limits.defaults(), this::neverUntilDiscarded);
    client.open();
    assertLimit(RESETS, i -> join(post(id(i), "/"), windowUpdate(id(i), 0)));
  }

  /** A handler that does not end keeps its place, although its stream was reset. */
  @Test
  void handlers_areNoMoreThanThePlacesWhateverIsReset() {
    client.open();
    openAndReset(0, 128 + 512);
    assertEquals(128, client.server.calls.size());
    client.sent();
    openAndReset(640, 641);
    assertCalm();
    assertEquals(128, client.server.calls.size());
  }

  @Test
  void requestsThatWait_vanishIfTheyAreReset() {
    client.open();
    openAndReset(0, 256);
    client.receive(get(id(256), "/last"));
    client.server.calls.get(0).promise().discard();
    assertEquals(129, client.server.calls.size());
    assertEquals("/last", client.server.call(128).request().target());
  }

  /* ------ Frames that carry nothing ------ */

  @Test
  void pings_areLimited() {
    client.open();
    client.receive(ping(0, "12345678"));
    assertLimit(ODDITIES - 3, i -> ping(0, "12345678")); // Two frames opened the connection.
  }

  @Test
  void settings_areLimited() {
    client.open();
    assertLimit(ODDITIES - 2, i -> settings(3, i));
  }

  @Test
  void settings_ofTooManyEntriesAreAConnectionError() {
    client.open();
    client.receive(settings(new long[2 * 32]));
    client.assertSent("SETTINGS ACK");
    client.receive(settings(new long[2 * 33]));
    client.assertEnded(0, CALM);
  }

  @Test
  void priorities_areLimited() {
    client.open();
    assertLimit(ODDITIES - 2, i -> frame(2, 0, id(i), new byte[] {0, 0, 0, 0, 1}));
  }

  @Test
  void unknownFrames_areLimited() {
    client.open();
    assertLimit(ODDITIES - 2, i -> frame(77, 0, 0, new byte[1]));
  }

  @Test
  void windowUpdates_areLimited() {
    client.open();
    assertLimit(ODDITIES - 2 + 5, i -> windowUpdate(0, 1));
  }

  @Test
  void oddities_comeBackWithTime() {
    client.open();
    receiveAll(0, ODDITIES - 2, i -> ping(0, "12345678"));
    client.server.passTime(Duration.ofSeconds(1));
    receiveAll(0, 300, i -> ping(0, "12345678"));
    client.sent();
    assertFalse(client.channel.closesAfterWrites());
  }

  @Test
  void emptyData_isLimitedInARow() {
    client.open();
    client.receive(post(1, "/"));
    assertLimit(10, i -> data(1, 0, ""));
  }

  @Test
  void smallData_isFree() {
    client.open();
    client.receive(post(1, "/"));
    for (int i = 0; i < 2 * ODDITIES; i++) {
      client.receive(data(1, 0, "x"));
    }
    client.sent();
    client.assertAlive();
  }

  @Test
  void framesOnClosedStreams_areLimited() {
    answerAtOnce();
    client.open();
    client.receive(post(1, "/"), data(1, END_STREAM, "x"));
    client.receive(get(3, "/"), reset(3, CANCEL));
    client.sent();
    assertLimit(ODDITIES - 2, i -> reset(1, CANCEL));
  }

  /* ------ Header blocks ------ */

  @Test
  void continuations_areNoMoreThanEight() {
    client.open();
    byte[] block = block(fields("GET", "/"));
    byte[] begun = frame(HEADERS, END_STREAM, 1, block);
    byte[] empty = frame(CONTINUATION, 0, 1, block("x", "y"));
    byte[][] all = new byte[9][];
    Arrays.fill(all, empty);
    all[0] = begun;
    all[8] = frame(CONTINUATION, END_HEADERS, 1, block("x", "y"));
    client.receive(all);
    client.assertCalled("/");
    all[0] = frame(HEADERS, END_STREAM, 3, block);
    Arrays.fill(all, 1, 9, frame(CONTINUATION, 0, 3, block("x", "y")));
    client.receive(all);
    assertFalse(client.channel.closesAfterWrites());
    client.receive(frame(CONTINUATION, END_HEADERS, 3, block("x", "y")));
    assertCalm();
  }

  @Test
  void headerBlock_hasToEndInTime() {
    client.open();
    client.receive(frame(HEADERS, END_STREAM, 1, block(fields("GET", "/"))));
    client.server.passTime(Duration.ofSeconds(9));
    client.assertSent();
    client.server.passTime(Duration.ofSeconds(3));
    assertCalm();
  }

  @Test
  void headersThatAreTooLarge_areAnswered431UpToTwiceTheLimit() {
    answerAtOnce();
    client.open();
    receiveLarge(1, 80_000);
    assertTrue(client.sent().get(0).startsWith("HEADERS 1 :status=200"));
    receiveLarge(3, 100_000);
    assertTrue(client.sent().get(0).startsWith("HEADERS 3 :status=431"));
    receiveLarge(5, 170_000);
    assertCalm();
  }

  /** The fields of a request that count some bytes more than usual, each of them below 8 KiB. */
  private static String[] large(int size) {
    String[] all = fields("GET", "/");
    int count = size / 5000;
    String[] more = new String[2 * count];
    for (int i = 0; i < count; i++) {
      more[2 * i] = "x" + i;
      more[2 * i + 1] = "v".repeat(size / count - 40);
    }
    return fields("GET", "/", more);
  }

  private void receiveLarge(int stream, int size) {
    byte[] block = block(large(size));
    int max = 16_384;
    client.receive(frame(HEADERS, END_STREAM, stream, Arrays.copyOf(block, max)));
    for (int from = max; from < block.length; from += max) {
      int to = Math.min(block.length, from + max);
      client.receive(
          frame(
              CONTINUATION,
              to == block.length ? END_HEADERS : 0,
              stream,
              Arrays.copyOfRange(block, from, to)));
    }
  }

  /** References to one large entry of the table. */
  @Test
  void hpackBomb_endsTheConnection() {
    client.open();
    byte[] entry = new byte[3 + 2 + 3000];
    Arrays.fill(entry, (byte) 'v');
    entry[0] = 0x40;
    entry[1] = 1;
    entry[2] = 'x';
    entry[3] = 127; // 3000 is 127 + 2873, which is 57 + 22 * 128.
    entry[4] = (byte) (0x80 | 57);
    byte[] whole = new byte[entry.length + 1];
    System.arraycopy(entry, 0, whole, 0, 5);
    whole[5] = 22;
    Arrays.fill(whole, 6, whole.length, (byte) 'v');
    byte[] references = new byte[60];
    Arrays.fill(references, (byte) 0xbe);
    client.receive(
        frame(
            HEADERS,
            END_STREAM | END_HEADERS,
            1,
            join(block(fields("GET", "/")), whole, references)));
    assertCalm();
  }

  /* ------ Output that is not taken ------ */

  @Test
  void answersThatAreNotTaken_closeTheConnection() {
    client.open();
    client.channel.becomeSlow();
    client.receive(ping(0, "12345678"));
    for (int i = 0; i < 1000; i++) {
      client.receive(ping(0, "12345678"));
    }
    assertFalse(client.channel.isClosed());
    client.receive(ping(0, "12345678"));
    assertTrue(client.channel.isClosed());
  }

  @Test
  void responseThatIsTakenTooSlowly_isReset() {
    client.open(4, 0);
    client.receive(get(1, "/"));
    client.server.call(0).answer(Response.ok(Chunk.of(new byte[100_000]), "a/b"));
    for (int second = 0; second < 29; second++) {
      client.receive(windowUpdate(1, 1));
      client.server.passTime(Duration.ofSeconds(1));
    }
    assertFalse(client.sent().contains("RST_STREAM 1 CANCEL"));
    client.server.passTime(Duration.ofSeconds(4));
    assertTrue(client.sent().contains("RST_STREAM 1 CANCEL"));
    client.assertAlive();
  }

  /** Those who wait for a response of their own would be refused otherwise. */
  @Test
  void responseThatIsNotTaken_isResetSoonWhereNoMemoryIsLeft() {
    MemoryBudget memory = client.server.memory;
    client.open(4, 0);
    client.receive(get(1, "/"), get(3, "/"));
    client.server.call(0).answer(Response.ok(Chunk.of(new byte[100_000]), "a/b"));
    client.server.call(1).answer("small");
    client.server.passTime(Duration.ofSeconds(10));
    assertFalse(client.sent().contains("RST_STREAM 1 CANCEL"));
    memory.take(memory.limit());
    for (int second = 0; second < 3; second++) {
      client.server.passTime(Duration.ofSeconds(1));
    }
    memory.give(memory.limit());
    client.assertSent("RST_STREAM 1 CANCEL"); // The other one holds hardly anything.
    client.assertAlive();
  }

  @Test
  void responseThatIsTakenInLargeParts_isNotReset() {
    client.open(4, 0);
    client.receive(windowUpdate(0, 1 << 20), get(1, "/"));
    client.server.call(0).answer(Response.ok(Chunk.of(new byte[100_000]), "a/b"));
    for (int part = 0; part < 5; part++) {
      client.server.passTime(Duration.ofSeconds(25));
      client.receive(windowUpdate(1, 16_384));
      List<String> sent = client.sent();
      assertFalse(sent.contains("RST_STREAM 1 CANCEL"), part + ": " + sent);
    }
    client.assertAlive();
  }

  /** Others are not disturbed. */
  @Test
  void attack_endsOnlyItsOwnConnection() {
    client.open();
    receiveAll(0, ODDITIES, i -> frame(DATA + 77, 0, 0, integers(1)));
    assertCalm();
    var other = client.server.connect();
    other.receive("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    client.server.call(0).answer("hello");
    assertTrue(other.takeSent().endsWith("hello"));
  }
}
