package io.libprocess.http.hpack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the encoder writes, the decoder reads. */
class HpackRoundTripTest {

  private static final String[] NAMES = {
    ":status",
    ":path",
    "Content-Type",
    "content-length",
    "Date",
    "ETag",
    "Cookie",
    "X-Custom",
    "x-custom-2",
    "authorization",
    "set-cookie",
    "vary"
  };

  private final HpackEncoder encoder = new HpackEncoder();
  private final HpackDecoder decoder = new HpackDecoder(4096, 1 << 20);

  private byte[] encode(String... namesAndValues) {
    Octets out = new Octets();
    encoder.begin(out);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      encoder.encode(namesAndValues[i], namesAndValues[i + 1], false, out);
    }
    return Arrays.copyOf(out.bytes, out.size);
  }

  @Test
  void field_thatRecursTakesOneOctet() throws Exception {
    assertTrue(encode("X-Custom", "some value").length > 10);
    byte[] again = encode("x-custom", "some value");
    assertEquals(1, again.length);
    assertEquals("be", String.format("%02x", again[0]));
  }

  @Test
  void field_thatSeldomRecursIsNotIndexed() throws Exception {
    for (String name :
        List.of(
            ":path",
            "content-length",
            "etag",
            "age",
            "location",
            "set-cookie",
            "if-none-match",
            "if-modified-since")) {
      byte[] first = encode(name, "/some/1234");
      assertEquals(first.length, encode(name, "/some/1234").length, name);
      assertEquals(List.of(name + ": /some/1234"), Collected.decode(decoder, first));
    }
  }

  @Test
  void field_thatIsSecretIsMarked() throws Exception {
    for (String name : List.of("Authorization", "proxy-authorization", "cookie")) {
      assertEquals(
          List.of(name.toLowerCase(Locale.ROOT) + ": 1234567890 [never]"),
          Collected.decode(decoder, encode(name, "1234567890")));
    }
    assertEquals(
        List.of("cookie: 12345678901234567890"),
        Collected.decode(decoder, encode("cookie", "12345678901234567890")));
    Octets out = new Octets();
    encoder.encode("x-token", "s", true, out);
    encoder.encode("x-token", "s", true, out);
    assertEquals(
        List.of("x-token: s [never]", "x-token: s [never]"),
        Collected.decode(decoder, Arrays.copyOf(out.bytes, out.size)));
  }

  @Test
  void field_ofMoreThanThreeQuartersOfTheTableIsNotIndexed() throws Exception {
    encode("x", "b");
    byte[] large = encode("x-large", "b".repeat(3100));
    assertEquals(large.length, encode("x-large", "b".repeat(3100)).length);
    assertEquals(1, encode("x", "b").length); // It is still in the table.
  }

  @Test
  void tableSize_isNotLargerThanTheStandardOne() {
    encoder.tableSize(1 << 20);
    assertEquals(1, encode(":method", "GET").length); // No update is needed.
  }

  @Test
  void tableSize_thatWasLowerInBetweenIsSaidTwice() throws Exception {
    encode("x", "b");
    encoder.tableSize(0);
    encoder.tableSize(100);
    assertEquals("203f4582", hex(encode(":method", "GET")));
    assertEquals("82", hex(encode(":method", "GET")));
    encoder.tableSize(0);
    encoder.tableSize(4096);
    assertEquals("203fe11f82", hex(encode(":method", "GET")));
  }

  private static String hex(byte[] bytes) {
    return java.util.HexFormat.of().formatHex(bytes);
  }

  @Test
  void status_isThatOfTheStaticTableOrALiteral() throws Exception {
    for (int code : new int[] {100, 200, 204, 206, 304, 400, 404, 418, 500, 503, 599}) {
      Octets out = new Octets();
      encoder.status(code, out);
      assertEquals(
          List.of(":status: " + code),
          Collected.decode(decoder, Arrays.copyOf(out.bytes, out.size)));
    }
  }

  @Test
  void randomFields_comeBackWhateverTheSizesOfTheTable() throws Exception {
    for (int seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      HpackEncoder one = new HpackEncoder();
      HpackDecoder other = new HpackDecoder(4096, 1 << 20);
      for (int block = 0; block < 60; block++) {
        for (int changes = random.nextInt(6); changes > 3; changes--) {
          one.tableSize(random.nextInt(6) == 0 ? 0 : random.nextInt(5000));
        }
        Octets out = new Octets();
        one.begin(out);
        List<String> expected = new ArrayList<>();
        for (int i = random.nextInt(30); i >= 0; i--) {
          String name = NAMES[random.nextInt(NAMES.length)];
          String value = value(random);
          boolean secret = random.nextInt(10) == 0;
          one.encode(name, value, secret, out);
          String lower = name.toLowerCase(Locale.ROOT);
          boolean never =
              secret
                  || lower.equals("authorization")
                  || lower.equals("cookie") && value.length() < 20;
          expected.add(lower + ": " + value + (never ? " [never]" : ""));
        }
        assertEquals(
            expected,
            Collected.decode(other, Arrays.copyOf(out.bytes, out.size)),
            "seed " + seed + ", block " + block);
      }
    }
  }

  /** A value that may recur, with any legal octets inside. */
  private static String value(Random random) {
    if (random.nextBoolean()) {
      return "value " + random.nextInt(20);
    }
    StringBuilder text = new StringBuilder("(");
    for (int i = random.nextInt(random.nextInt(10) == 0 ? 4000 : 30); i > 0; i--) {
      int c = random.nextInt(256);
      text.append((char) (c < ' ' || c == 0x7F ? '\t' : c));
    }
    return text.append(')').toString();
  }

  @Test
  void huffman_hasACodeForEachOctet() throws Exception {
    StringBuilder all = new StringBuilder();
    for (int c = 0; c < 256; c++) {
      all.append((char) c).append('e').append((char) c);
    }
    String text = all.toString();
    Octets out = new Octets();
    Huffman.put(text, false, out);
    assertEquals(out.size, Huffman.length(text, false));
    byte[] decoded = new byte[Huffman.roomFor(out.size)];
    int size = Huffman.decode(out.bytes, 0, out.size, decoded);
    assertEquals(text, new String(decoded, 0, size, java.nio.charset.StandardCharsets.ISO_8859_1));
  }
}
