package io.libprocess.http.hpack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HpackDecoderTest {

  private static final int LIST = 1000;

  private final HpackDecoder decoder = new HpackDecoder(4096, LIST);

  private List<String> decode(String hex) throws HpackException {
    return Collected.decode(decoder, hex);
  }

  private String error(String hex) {
    HpackException e = assertThrows(HpackException.class, () -> decode(hex));
    assertFalse(e.isBomb());
    return e.getMessage();
  }

  @Test
  void index_beyondTheTablesIsAnError() throws Exception {
    assertEquals("a header block refers to entry 0 of the tables", error("80"));
    assertEquals("a header block refers to entry 62 of the tables", error("be"));
    assertEquals("a header block refers to entry 62 of the tables", error("7e0161"));
    decode("40016101 62");
    assertEquals(List.of("a: b"), decode("be"));
    assertEquals("a header block refers to entry 63 of the tables", error("bf"));
  }

  @Test
  void block_thatEndsTooEarlyIsAnError() {
    for (String hex : List.of("ff", "40", "4001", "400161", "40016102", "4001610562", "3f", "0f")) {
      assertEquals("a header block ends too early", error(hex), hex);
    }
  }

  @Test
  void integer_ofUpToFiveMoreOctetsIsRead() throws Exception {
    // 31 + 4065 is 4096, with octets that add nothing.
    assertEquals(List.of(), decode("3fe11f"));
    assertEquals(List.of(), decode("3fe19f8000"));
    assertEquals("an integer in a header block is too large", error("3fe19f80808000"));
    assertEquals("an integer in a header block is too large", error("ff81ffffff07"));
    assertEquals("a header block refers to entry 2147483647 of the tables", error("ff80ffffff07"));
    assertEquals("an integer in a header block is too large", error("ffffffffffff0f"));
  }

  @Test
  void tableSize_isUpdatedOnlyWhereAndAsItMayBe() throws Exception {
    assertEquals(List.of(":method: GET"), decode("20 3fe11f 82"));
    assertEquals("an update of the table's size inside of a header block", error("20203fe11f82"));
    assertEquals("an update of the table's size inside of a header block", error("8220"));
    assertEquals("the table's size is updated to more than the setting", error("3fe21f"));
  }

  @Test
  void tableSize_ofZeroForgetsAllEntries() throws Exception {
    decode("40016101 62");
    decode("20");
    assertEquals("a header block refers to entry 62 of the tables", error("be"));
    decode("40016101 62"); // Is not kept.
    assertEquals("a header block refers to entry 62 of the tables", error("be"));
  }

  @Test
  void entry_largerThanTheTableEmptiesIt() throws Exception {
    decode("40016101 62");
    decode("3f04"); // 35
    assertEquals(List.of("a: bcd"), decode("41016103626364".replace("410161", "400161")));
    assertEquals("a header block refers to entry 62 of the tables", error("be"));
  }

  @Test
  void strings_ofTheTableAreShared() throws Exception {
    List<String> values = new ArrayList<>();
    FieldSink sink =
        new FieldSink() {
          @Override
          public void field(String name, String value, boolean neverIndexed) {
            values.add(value);
          }

          @Override
          public void malformed(String rule) {}

          @Override
          public void tooLarge() {}
        };
    byte[] block = Collected.hex("40016101 62 be");
    decoder.decode(block, 0, block.length, sink);
    assertSame(values.get(0), values.get(1));
  }

  @Test
  void huffman_errorsAreFound() throws Exception {
    assertEquals(List.of("a: www.example.com"), decode("0001618cf1e3c2e5f23a6ba0ab90f4ff"));
    String padding = "the padding of a Huffman code is not up to seven bits of 1";
    assertEquals(padding, error("0001618df1e3c2e5f23a6ba0ab90f4ffff")); // Eight more bits.
    assertEquals(padding, error("0001618118")); // 'a' and zeros.
    assertEquals("the end of text inside of a Huffman code", error("00016184ffffffff"));
  }

  @Test
  void octets_thatAreIllegalAreReportedAndTheTableIsKept() throws Exception {
    String name = "[an illegal character in the name of a field, or an upper-case letter]";
    String value = "[an illegal character in the value of a field]";
    assertEquals(List.of("[the name of a field is empty]"), decode("00000162"));
    assertEquals(List.of("[the name of a field is empty]"), decode("00013a0162"));
    assertEquals(List.of(name), decode("0001410162"));
    assertEquals(List.of(name), decode("0001200162"));
    assertEquals(List.of(name), decode("0003613a620162"));
    for (String octet : List.of("00", "0a", "0d", "1f", "7f")) {
      assertEquals(List.of(value), decode("00016103 62" + octet + "62"), octet);
    }
    assertEquals(List.of("[a blank at an end of the value of a field]"), decode("000161 02 2062"));
    assertEquals(List.of("[a blank at an end of the value of a field]"), decode("000161 02 6209"));
    assertEquals(List.of("a: b\tb", "a: \u00e4"), decode("000161 03 620962 000161 01 e4"));
    // An illegal name that is in the table is illegal again, with another value.
    assertEquals(List.of(name, name, name), decode("40014101 62 be 7e 0163"));
    // So is an illegal value, but not the name.
    assertEquals(List.of(value, value, "c: d"), decode("40016301 00 be 7e 0164"));
  }

  /** Each field counts with 32 octets besides its own. */
  @Test
  void list_beyondItsLimitIsDecodedButNotPassedOn() throws Exception {
    String field = "0001610162"; // Counts 34.
    assertEquals(29, decode(field.repeat(29)).size());
    List<String> lines = decode(field.repeat(30) + "40017801 79");
    assertEquals("[too large]", lines.get(29));
    assertEquals(30, lines.size());
    assertEquals(List.of("x: y"), decode("be")); // It was put into the table nevertheless.
  }

  @Test
  void list_beyondTwiceItsLimitIsABomb() throws Exception {
    String large = "4001617f" + "59" + "62".repeat(216); // 127 + 89: counts 249.
    assertEquals(List.of("a: " + "b".repeat(216)), decode(large));
    assertEquals(5, decode("be".repeat(8)).size()); // Four fields, and the notice.
    HpackException bomb = assertThrows(HpackException.class, () -> decode("be".repeat(9)));
    assertTrue(bomb.isBomb());
    assertEquals("header fields of more than twice 1000 bytes", bomb.getMessage());
  }

  /** Any bytes are decoded or refused, and nothing else happens. */
  @Test
  void decode_survivesRandomAndMutatedBlocks() {
    Random random = new Random(5);
    int decoded = 0;
    for (int round = 0; round < 20_000; round++) {
      HpackDecoder fuzzed = new HpackDecoder(4096, LIST);
      for (int block = 0; block < 3; block++) {
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        if (random.nextBoolean() && bytes.length > 4) {
          bytes[0] = 0x40; // A literal, whose texts are short enough.
          bytes[1] = (byte) (random.nextInt(2) << 7 | random.nextInt(4));
        }
        try {
          Collected.decode(fuzzed, bytes);
          decoded++;
        } catch (HpackException e) {
          break;
        }
      }
    }
    assertTrue(decoded > 500, "decoded " + decoded);
  }
}
