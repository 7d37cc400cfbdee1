package io.libprocess.net.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.http1.FakeChannel;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.TlsAccess;
import io.libprocess.net.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsAcceptanceTest {

  @ParameterizedTest
  @CsvSource({
    "'', UNKNOWN",
    "16, UNKNOWN",
    "1603, UNKNOWN",
    "16030101, UNKNOWN",
    "1603010105, UNKNOWN",
    "160301010501, TLS",
    "16030101050100, TLS",
    "160301010502, PLAIN",
    "1602, PLAIN",
    "1502, PLAIN",
    "150301010501, PLAIN",
    "170301010501, PLAIN",
    "00, PLAIN",
    "474554202f01, PLAIN",
    "80, UNKNOWN",
    "802e, UNKNOWN",
    "802e01, TLS",
    "802e0103, TLS",
    "802e02, PLAIN",
    "ff0000, PLAIN",
  })
  void firstBytes_showWhetherThePeerSpeaksTls(String bytes, TlsAcceptance.Kind kind) {
    byte[] first = HexFormat.of().parseHex(bytes);
    assertEquals(kind, TlsAcceptance.kind(ByteBuffer.wrap(first)));
    byte[] within = HexFormat.of().parseHex("0101" + bytes);
    ByteBuffer rest = ByteBuffer.wrap(within).position(2);
    assertEquals(kind, TlsAcceptance.kind(rest));
    assertEquals(2, rest.position());
  }

  /* ------ Incomplete records ------ */

  @TempDir static Path directory;
  private static TlsFixture.Shared shared;

  private static final String ENGINE = "Failed to configure socket: an engine is made";

  private final MemoryBudget budget = new MemoryBudget(1 << 20);
  private final FakeChannel raw = new FakeChannel(budget);
  private final List<String> refused = new ArrayList<>();
  private final List<Transport.Channel> accepted = new ArrayList<>();

  @BeforeAll
  static void makeCertificates() throws Exception {
    shared = new TlsFixture.Shared(directory);
  }

  private void accept(boolean plainAsWell) {
    raw.handler =
        TlsAccess.context(
                shared
                    .server()
                    .supportDowngrade(plainAsWell)
                    .configure(
                        engine -> {
                          throw new SSLException("an engine is made");
                        })
                    .build())
            .accepting(
                channel -> {
                  accepted.add(channel);
                  return new SecuredWorld.SecuredEnd(channel);
                },
                (channel, why) -> refused.add(why.getMessage()))
            .apply(raw);
  }

  private void receive(byte[] bytes) {
    raw.receiveAlthoughPaused(bytes);
  }

  private void assertRefused(String why) {
    assertEquals(1, refused.size());
    TlsFixture.assertContains(
        "Failed to accept 127.0.0.1:12345: TLS handshake failed: " + why, refused.get(0));
  }

  /** A handshake record whose contents make no sense. */
  private static byte[] record(int length) {
    byte[] record = new byte[5 + length];
    record[0] = 0x16;
    record[1] = 3;
    record[2] = 3;
    record[3] = (byte) (length >> 8);
    record[4] = (byte) length;
    return record;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 127, 200, 256, 300, 511, 700, 16_384})
  void engine_isMadeForAWholeRecordOnly(int length) {
    accept(false);
    byte[] record = record(length);
    for (int from = 0; from < record.length - 1; from += 100) {
      receive(Arrays.copyOfRange(record, from, Math.min(from + 100, record.length - 1)));
    }
    assertEquals(List.of(), refused);
    receive(Arrays.copyOfRange(record, record.length - 1, record.length));
    assertRefused(ENGINE);
    assertTrue(raw.closesAfterWrites());
    assertEquals(0, budget.used());
  }

  @Test
  void engine_isMadeForWhatIsNoRecordAsItWillRefuseIt() {
    accept(false);
    receive("G".getBytes(StandardCharsets.US_ASCII));
    assertRefused(ENGINE);
  }

  @Test
  void engine_isMadeForARecordThatIsTooLongAsItWillRefuseIt() {
    accept(false);
    receive(Arrays.copyOf(record(17 * 1024), 6));
    assertEquals(List.of(), refused);
    accept(false);
    receive(Arrays.copyOf(record(17 * 1024 + 1), 6));
    assertRefused(ENGINE);
  }

  @Test
  void firstByte_makesNoEngine() {
    accept(false);
    for (byte next : Arrays.copyOf(record(100), 20)) {
      receive(new byte[] {next});
      assertEquals(0, budget.used());
    }
    assertEquals(List.of(), refused);
  }

  @Test
  void partOfARecord_isRefusedWhereNoMemoryIsLeft() {
    budget.take(1 << 20);
    accept(false);
    receive(Arrays.copyOf(record(10_000), 1000));
    assertRefused("there is no memory left for it");
    assertTrue(raw.isClosed());
    assertEquals(1 << 20, budget.used());
  }

  @Test
  void connectionThatClosesEarly_isRefusedUnlessItMayHaveBeenPlain() {
    accept(false);
    receive(Arrays.copyOf(record(10_000), 1000));
    assertTrue(budget.used() > 0);
    raw.close();
    assertRefused("the connection was closed during it");
    assertEquals(0, budget.used());
  }

  @Test
  void connectionThatClosesEarly_mayHaveBeenPlain() {
    accept(true);
    receive(Arrays.copyOf(record(10_000), 3));
    raw.close();
    assertEquals(List.of(), refused);
    assertEquals(List.of(), accepted);
  }

  @Test
  void plainConnection_isMadeWhereItIsSupported() {
    accept(true);
    receive("GE".getBytes(StandardCharsets.US_ASCII));
    assertEquals(List.of(raw), accepted);
    raw.receiveAlthoughPaused("T /");
    raw.receiveEnd();
    raw.handler.outputEnded();
    raw.handler.drained();
    raw.close();
    assertEquals(List.of(), refused);
  }

  @ParameterizedTest
  @CsvSource({"16, 03030000, 01", "16, 0303, 000101", "80, 2e, 01", "80, 2e01, ''"})
  void peer_thatMaySpeakEitherIsWaitedFor(String first, String second, String third) {
    accept(true);
    HexFormat hex = HexFormat.of();
    receive(hex.parseHex(first));
    receive(hex.parseHex(second));
    receive(hex.parseHex(third));
    assertEquals(List.of(), accepted);
    assertRefused(ENGINE);
  }

  @Test
  void bytesThatAPlainHandlerDoesNotTake_areDropped() {
    List<String> received = new ArrayList<>();
    Transport.Handler lazy =
        new Transport.Handler() {
          @Override
          public void received(ByteBuffer bytes) {
            received.add(StandardCharsets.US_ASCII.decode(bytes.duplicate()).toString());
          }

          @Override
          public void ended() {}

          @Override
          public void drained() {}

          @Override
          public void closed(Optional<IOException> failure) {}
        };
    raw.handler =
        TlsAccess.context(shared.server().supportDowngrade(true).build())
            .accepting(channel -> lazy)
            .apply(raw);
    for (String text : List.of("GET", " /", "!")) {
      receive(text.getBytes(StandardCharsets.US_ASCII));
    }
    assertEquals(List.of("GET", " /", "!"), received);
  }
}
