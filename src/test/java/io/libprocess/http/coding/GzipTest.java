package io.libprocess.http.coding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.grammar.Rejection;
import io.libprocess.stream.Chunk;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code -Dlibprocess.stress=100} makes the mutations a million inputs. */
class GzipTest {

  private static final int INPUTS =
      10_000 * Math.max(1, Integer.getInteger("libprocess.stress", 1));
  private static final int HEADER = 10;
  private static final int MOST = 1 << 20;

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    }
    return out.toByteArray();
  }

  /** Decodes pieces of some size: the text, or the reason of the rejection behind an "!". */
  private static String decode(byte[] coded, int step) {
    StringBuilder text = new StringBuilder();
    try (GzipDecoder decoder = new GzipDecoder()) {
      for (int at = 0; at < coded.length; at += step) {
        decoder.feed(Chunk.of(coded, at, Math.min(step, coded.length - at)));
        for (Chunk out = decoder.next(); !out.isEmpty(); out = decoder.next()) {
          assertTrue(out.size() <= GzipDecoder.MOST_OUT, "a piece of " + out.size());
          text.append(out.utf8());
          if (text.length() > MOST) {
            return "long";
          }
        }
      }
      decoder.finish();
      return text.toString();
    } catch (Rejection e) {
      return "!" + e.reason();
    }
  }

  private static String decode(byte[] coded) {
    String whole = decode(coded, Math.max(1, coded.length));
    assertEquals(whole, decode(coded, 1), "byte by byte");
    return whole;
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 16384, 16385, 200_000})
  void decoder_undoesWhatTheJdkDoes(int size) throws IOException {
    String plain = "hello, world! ".repeat(size / 14 + 1).substring(0, size);
    assertEquals(plain, decode(gzip(plain.getBytes())));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 8192, 200_000})
  void encoder_isUndoneByTheJdk(int size) throws IOException {
    byte[] plain = new byte[size];
    new Random(size).nextBytes(plain);
    byte[] whole = GzipEncoder.encode(Chunk.of(plain)).toArray();
    assertArrayEquals(plain, new GZIPInputStream(new ByteArrayInputStream(whole)).readAllBytes());
    ByteArrayOutputStream pieces = new ByteArrayOutputStream();
    try (GzipEncoder encoder = new GzipEncoder()) {
      for (int at = 0; at < size; at += 777) {
        Chunk piece = Chunk.of(plain, at, Math.min(777, size - at));
        pieces.writeBytes(encoder.next(piece).toArray());
      }
      pieces.writeBytes(encoder.finish().toArray());
    }
    assertArrayEquals(
        plain, new GZIPInputStream(new ByteArrayInputStream(pieces.toByteArray())).readAllBytes());
  }

  @Test
  void encoder_pieceCanBeDecodedAtOnce() throws Rejection {
    try (GzipEncoder encoder = new GzipEncoder();
        GzipDecoder decoder = new GzipDecoder()) {
      for (String text : new String[] {"first", "second"}) {
        decoder.feed(encoder.next(Chunk.utf8(text)));
        assertEquals(text, decoder.next().utf8());
      }
    }
  }

  @Test
  void decoder_takesEveryOptionalPartOfAHeader() throws IOException {
    byte[] plain = gzip("text".getBytes());
    byte[] head = bytes(0x1F, 0x8B, 8, 2 | 4 | 8 | 16, 1, 2, 3, 4, 0, 3);
    byte[] extra = bytes(3, 0, 9, 9, 9);
    byte[] texts = "name\0comment\0".getBytes();
    CRC32 sum = new CRC32();
    sum.update(join(head, extra, texts));
    byte[] check = bytes((int) sum.getValue(), (int) sum.getValue() >> 8);
    byte[] data = Arrays.copyOfRange(plain, HEADER, plain.length);

    assertEquals("text", decode(join(head, extra, texts, check, data)));
    check[0] ^= 1;
    assertEquals("!Wrong checksum in gzip", decode(join(head, extra, texts, check, data)));
  }

  /** Each part has bytes that would end another one. */
  @Test
  void decoder_takesAnyOfTheOptionalPartsOfAHeader() throws IOException {
    byte[] plain = gzip("text".getBytes());
    byte[] data = Arrays.copyOfRange(plain, HEADER, plain.length);
    for (int flags = 0; flags < 32; flags++) { // The lowest one only says that it is a text.
      byte[] head =
          join(
              bytes(0x1F, 0x8B, 8, flags, 1, 2, 3, 4, 0, 3),
              (flags & 4) == 0 ? bytes() : bytes(4, 0, 9, 0, 9, 0),
              (flags & 8) == 0 ? bytes() : bytes(0),
              (flags & 16) == 0 ? bytes() : "comment\0".getBytes());
      CRC32 sum = new CRC32();
      sum.update(head);
      byte[] check = bytes((int) sum.getValue(), (int) sum.getValue() >> 8);
      byte[] whole = join(head, (flags & 2) == 0 ? bytes() : check, data);
      assertEquals("text", decode(whole), "flags " + flags);
      assertEquals("texttext", decode(join(whole, whole)), "flags " + flags);
    }
  }

  @Test
  void decoder_takesManyMembers() throws IOException {
    byte[] a = gzip("a".getBytes());
    assertEquals("aa", decode(join(a, gzip(new byte[0]), a)));
  }

  @Test
  void decoder_refuses() throws IOException {
    byte[] good = gzip("hello".getBytes());
    assertEquals("", decode(new byte[0])); // As where an empty body arrives with its head.
    for (int cut = 1; cut < good.length; cut++) {
      assertEquals("!The gzip body ends early", decode(Arrays.copyOf(good, cut)), "at " + cut);
    }
    assertEquals("!The body is not gzip", decode("plain text".getBytes()));
    assertEquals("!The body is not gzip", decode(join(good, bytes(0))));
    assertEquals("!The gzip body ends early", decode(join(good, bytes(0x1F))));
    byte[] sum = good.clone();
    sum[good.length - 8] ^= 1;
    assertEquals("!Wrong checksum in gzip", decode(sum));
    byte[] size = good.clone();
    size[good.length - 4] ^= 1;
    assertEquals("!Wrong checksum in gzip", decode(size));
    byte[] method = good.clone();
    method[2] = 7;
    assertEquals("!Illegal header of gzip", decode(method));
    byte[] reserved = good.clone();
    reserved[3] = 0x20;
    assertEquals("!Illegal header of gzip", decode(reserved));
    assertEquals("!Illegal data in gzip", decode(join(Arrays.copyOf(good, HEADER), bytes(7))));
  }

  @Test
  void decoder_givesABombInSmallPieces() throws Exception {
    byte[] bomb = gzip(new byte[64 << 20]);
    long size = 0;
    try (GzipDecoder decoder = new GzipDecoder()) {
      decoder.feed(Chunk.of(bomb));
      for (Chunk out = decoder.next(); !out.isEmpty(); out = decoder.next()) {
        assertTrue(out.size() <= GzipDecoder.MOST_OUT);
        size += out.size();
      }
      decoder.finish();
    }
    assertEquals(64 << 20, size);
  }

  @Test
  void decoder_closedGivesNothing() throws Exception {
    GzipDecoder decoder = new GzipDecoder();
    decoder.feed(Chunk.of(gzip("hello".getBytes())));
    decoder.close();
    decoder.close();
    decoder.feed(Chunk.of(bytes(1, 2, 3)));
    assertTrue(decoder.next().isEmpty());
  }

  @Test
  void decoder_mutations() throws IOException {
    Random random = new Random(20260102);
    byte[][] seeds = {
      gzip("hello".getBytes()),
      join(gzip("a".getBytes()), gzip("b".repeat(300).getBytes())),
      join(bytes(0x1F, 0x8B, 8, 12, 0, 0, 0, 0, 0, 3, 1, 0, 9, 65, 0), gzipData("named"))
    };
    assertTimeoutPreemptively(
        Duration.ofMinutes(1L + INPUTS / 10_000),
        () -> {
          int accepted = 0;
          for (int i = 0; i < INPUTS; i++) {
            byte[] coded = mutated(seeds[i % seeds.length], random);
            accepted += decode(coded).startsWith("!") ? 0 : 1;
          }
          assertTrue(accepted > INPUTS / 100 && accepted < INPUTS / 2, "accepted " + accepted);
        });
  }

  private static byte[] gzipData(String text) throws IOException {
    byte[] whole = gzip(text.getBytes());
    return Arrays.copyOfRange(whole, HEADER, whole.length);
  }

  private static byte[] mutated(byte[] seed, Random random) {
    byte[] coded = random.nextInt(8) == 0 ? Arrays.copyOf(seed, random.nextInt(64)) : seed.clone();
    for (int i = random.nextInt(3); i >= 0 && coded.length > 0; i--) {
      coded[random.nextInt(coded.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return coded;
  }
}
