package io.libprocess.http.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.internal.MemoryBudget;
import io.libprocess.stream.Chunk;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages in their frames, whole, byte by byte and cut at random. */
@Timeout(60)
class MessageReaderTest {

  private static final int MOST = 5000;

  private static byte[] bytes(int... octets) {
    byte[] bytes = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      bytes[i] = (byte) octets[i];
    }
    return bytes;
  }

  private static byte[] join(byte[]... parts) {
    return Chunk.join(Arrays.stream(parts).map(Chunk::of).toList()).toArray();
  }

  /** The messages in bytes that come in pieces of a size, or of random sizes up to one. */
  private static List<String> read(byte[] input, boolean gzip, int piece, Random random)
      throws GrpcWireException {
    MessageReader reader = new MessageReader(MOST, gzip, null);
    List<String> found = new ArrayList<>();
    for (int from = 0; from < input.length; ) {
      int size = random == null ? piece : random.nextInt(piece + 1);
      int to = Math.min(input.length, from + size);
      reader.feed(Chunk.of(input, from, to - from));
      from = to;
      for (byte[] next = reader.next(); next != null; next = reader.next()) {
        found.add(new String(next, StandardCharsets.ISO_8859_1));
      }
    }
    reader.end();
    return found;
  }

  private static GrpcWireException refusal(byte[] input, boolean gzip) {
    GrpcWireException whole =
        assertThrows(GrpcWireException.class, () -> read(input, gzip, 1 << 20, null));
    GrpcWireException single =
        assertThrows(GrpcWireException.class, () -> read(input, gzip, 1, null));
    assertEquals(whole.code(), single.code());
    assertEquals(whole.getMessage(), single.getMessage());
    return whole;
  }

  @Test
  void messages_areTheSameHoweverTheyAreCut() throws Exception {
    byte[] large = new byte[3000];
    Arrays.fill(large, (byte) 'x');
    byte[] input =
        join(
            bytes(0, 0, 0, 0, 2, 'h', 'i'),
            bytes(0, 0, 0, 0, 0),
            MessageWriter.frame(large, true).toArray(),
            MessageWriter.frame(large, false).toArray());
    List<String> expected =
        List.of("hi", "", new String(large, StandardCharsets.ISO_8859_1), "x".repeat(3000));

    assertEquals(expected, read(input, true, 1 << 20, null));
    assertEquals(expected, read(input, true, 1, null));
    for (int seed = 0; seed < 300; seed++) {
      assertEquals(expected, read(input, true, 1 + seed, new Random(seed)), "seed " + seed);
    }
  }

  @Test
  void writer_compressesOnlyWhatBecomesShorter() {
    byte[] random = new byte[2000];
    new Random(1).nextBytes(random);

    assertEquals(0, MessageWriter.frame(random, true).at(0));
    assertEquals(0, MessageWriter.frame(new byte[1000], true).at(0));
    assertEquals(1, MessageWriter.frame(new byte[2000], true).at(0));
    assertEquals(0, MessageWriter.frame(new byte[2000], false).at(0));
    assertEquals(
        Chunk.of(bytes(0, 0, 1, 0x11, 0x70)),
        MessageWriter.frame(new byte[70_000], false).slice(0, 5));
  }

  @Test
  void length_isRefusedWhenItIsKnown() throws Exception {
    GrpcWireException refusal = refusal(bytes(0, 0xFF, 0xFF, 0xFF, 0xFF), false);

    assertEquals(GrpcCode.RESOURCE_EXHAUSTED, refusal.code());
    assertEquals("a message has 4294967295 bytes; the limit is 5000", refusal.getMessage());
    assertEquals(GrpcCode.RESOURCE_EXHAUSTED, refusal(bytes(0, 0, 0, 0x13, 0x89), false).code());
    MessageReader reader = new MessageReader(MOST, false, null);
    reader.feed(Chunk.of(bytes(0, 0, 0, 0x13, 0x88)));
    assertNull(reader.next());
  }

  /** The first bytes of a message of 8000. */
  private static Chunk begun(int size) {
    byte[] part = Arrays.copyOf(bytes(0, 0, 0, 0x1F, 0x40), 5 + size);
    return Chunk.of(part);
  }

  @Test
  void partOfAMessage_countsUntilItIsWholeOrGivenUp() throws Exception {
    MemoryBudget memory = new MemoryBudget(10_000);
    MessageReader reader = new MessageReader(8000, false, memory.share());
    reader.feed(begun(5000));
    assertNull(reader.next());
    assertTrue(memory.used() >= 5000, () -> "" + memory.used());
    reader.feed(Chunk.of(new byte[3000]));
    assertEquals(8000, reader.next().length);
    assertEquals(0, memory.used());
    reader.feed(begun(7000));
    assertNull(reader.next());
    assertTrue(memory.used() >= 7000, () -> "" + memory.used());
    reader.close();
    assertEquals(0, memory.used());
  }

  @Test
  void partOfAMessage_isRefusedIfNoMemoryIsLeft() throws Exception {
    MemoryBudget memory = new MemoryBudget(10_000);
    memory.take(10_000);
    MessageReader reader = new MessageReader(8000, false, memory.share());
    reader.feed(begun(1000)); // Little more than the call itself.
    assertNull(reader.next());
    reader.feed(Chunk.of(new byte[4000]));
    GrpcWireException refusal = assertThrows(GrpcWireException.class, reader::next);
    assertEquals(GrpcCode.RESOURCE_EXHAUSTED, refusal.code());
    assertEquals("there is no memory left for a message", refusal.getMessage());
    reader.close();
    assertEquals(10_000, memory.used());
  }

  @Test
  void length_countsInflatedBytesToo() {
    byte[] bomb = MessageWriter.frame(new byte[MOST + 1], true).toArray();

    assertEquals(GrpcCode.RESOURCE_EXHAUSTED, refusal(bomb, true).code());
  }

  @Test
  void flag_isZeroOrOne() {
    for (int flag : new int[] {2, 3, 0x80, 0xFF}) {
      GrpcWireException refusal = refusal(bytes(flag, 0, 0, 0, 0), true);
      assertEquals(GrpcCode.INTERNAL, refusal.code());
      assertEquals("a message has the flag " + flag, refusal.getMessage());
    }
  }

  @Test
  void compressedMessage_needsAnEncodingAndMustBeGzip() {
    byte[] input = MessageWriter.frame(new byte[2000], true).toArray();

    assertEquals(
        "a message is compressed, but no encoding was named", refusal(input, false).getMessage());
    assertEquals(GrpcCode.INTERNAL, refusal(bytes(1, 0, 0, 0, 3, 1, 2, 3), true).code());
    byte[] cut = Arrays.copyOf(input, input.length - 4);
    cut[4] -= 4;
    assertEquals(GrpcCode.INTERNAL, refusal(cut, true).code());
  }

  @Test
  void endInsideOfAMessage_isAnError() {
    byte[] input = bytes(0, 0, 0, 0, 3, 'a', 'b', 'c');
    for (int size = 1; size < input.length; size++) {
      assertEquals(GrpcCode.INTERNAL, refusal(Arrays.copyOf(input, size), false).code());
    }
  }
}
