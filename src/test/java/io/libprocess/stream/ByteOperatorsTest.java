package io.libprocess.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.stream.bytes.ChunkPool;
import io.libprocess.support.NoOpenChunks;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The results of the operators of bytes for chunks of any size, and that they release all of them.
 */
@NoOpenChunks
class ByteOperatorsTest {

  private static final int MOST = 1 << 20;

  /** The bytes in chunks of a size, in reused memory. */
  private static Stream<Chunk> lent(byte[] bytes, int size) {
    List<Integer> starts = new ArrayList<>();
    for (int i = 0; i < bytes.length; i += size) {
      starts.add(i);
    }
    return Stream.from(starts)
        .map(
            start -> {
              ChunkPool.Borrowed borrowed = ChunkPool.shared().borrow();
              borrowed.buffer().put(bytes, start, Math.min(size, bytes.length - start));
              return borrowed.chunk();
            });
  }

  private static byte[] bytes(String text) {
    return Chunk.utf8(text).toArray();
  }

  private static Future<List<Chunk>> chunks(Stream<Chunk> stream) {
    return stream.map(Chunk::detached).to(Sink.toList(MOST));
  }

  private static byte[] all(Stream<Chunk> stream) {
    return Chunk.join(chunks(stream).get()).toArray();
  }

  private static List<String> texts(Stream<Chunk> stream) {
    return chunks(stream).get().stream().map(Chunk::utf8).toList();
  }

  private static byte[] random(int size, int values) {
    Random random = new Random(size);
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) random.nextInt(values);
    }
    return bytes;
  }

  /* ------ Rechunk and split ------ */

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 5, 100})
  void rechunk_makesChunksOfOneSize(int size) {
    Stream<Chunk> stream = lent(bytes("abcdefghijk"), size).via(Transform.rechunk(4));

    assertEquals(List.of("abcd", "efgh", "ijk"), texts(stream));
  }

  @Test
  void rechunk_ofNothing() {
    assertEquals(List.of(), texts(Stream.<Chunk>empty().via(Transform.rechunk(4))));
    assertThrows(IllegalArgumentException.class, () -> Transform.rechunk(0));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 100})
  void split_cutsAtEachDelimiter(int size) {
    Transform<Chunk, Chunk> split = Transform.split(Chunk.utf8("aab"), 10);

    assertEquals(
        List.of("xa", "", "yaa", "z"), texts(lent(bytes("xaaabaabyaaaabz"), size).via(split)));
    assertEquals(List.of("x"), texts(lent(bytes("xaab"), size).via(split)));
    assertEquals(List.of("aa"), texts(lent(bytes("aa"), size).via(split)));
    assertEquals(List.of(), texts(Stream.<Chunk>empty().via(split)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 100})
  void split_failsIfAPieceIsTooLong(int size) {
    Transform<Chunk, Chunk> split = Transform.split(Chunk.utf8(","), 3);

    assertEquals(List.of("abc", "def"), texts(lent(bytes("abc,def"), size).via(split)));
    Future<List<Chunk>> failed = chunks(lent(bytes("abc,defg,h"), size).via(split));
    assertEquals("no delimiter within 3 bytes", failed.failure().getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 100})
  void lines_haveNoEnds(int size) {
    Stream<String> lines = lent(bytes("one\r\n\nthr\u00e9e\nfour"), size).via(Transform.lines(80));

    assertEquals(List.of("one", "", "thr\u00e9e", "four"), lines.to(Sink.toList(MOST)).get());
  }

  /* ------ Limits and digests ------ */

  @Test
  void limitBytes_failsAboveTheLimit() {
    byte[] ten = new byte[10];

    assertEquals(10, all(lent(ten, 4).via(Transform.limitBytes(10))).length);
    Future<List<Chunk>> failed = chunks(lent(ten, 4).via(Transform.limitBytes(9)));
    assertEquals("more than 9 bytes", failed.failure().getMessage());
  }

  @Test
  void digest_isToldBeforeTheEnd() throws Exception {
    byte[] bytes = random(1000, 256);
    List<Chunk> told = new ArrayList<>();

    assertTrue(
        Arrays.equals(bytes, all(lent(bytes, 7).via(Transform.digest("SHA-256", told::add)))));
    assertEquals(List.of(Chunk.of(MessageDigest.getInstance("SHA-256").digest(bytes))), told);
    assertThrows(IllegalArgumentException.class, () -> Transform.digest("none", told::add));
  }

  @Test
  void digest_ofAFailedStreamIsNotTold() {
    List<Chunk> told = new ArrayList<>();
    Stream<Chunk> failing = Stream.concat(lent(new byte[10], 5), Stream.failed(new Failure("no")));

    assertEquals(
        "no", chunks(failing.via(Transform.digest("MD5", told::add))).failure().getMessage());
    assertEquals(List.of(), told);
  }

  /* ------ Gzip ------ */

  private static byte[] gzipped(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 1000, 60_000})
  void gzip_isWhatTheJdkUnderstands(int size) throws IOException {
    for (byte[] plain :
        List.of(new byte[0], new byte[1], random(100_000, 256), random(200_000, 3))) {
      int piece = Math.max(size, plain.length / 2000);
      for (Transform<Chunk, Chunk> gzip :
          List.of(Transform.gzip(), Transform.gzip(0), Transform.gzip(9), Transform.gzipLive(6))) {
        byte[] packed = all(lent(plain, piece).via(gzip));
        try (GZIPInputStream input = new GZIPInputStream(new ByteArrayInputStream(packed))) {
          assertTrue(Arrays.equals(plain, input.readAllBytes()));
        }
        assertTrue(Arrays.equals(plain, all(lent(packed, piece).via(Transform.gunzip(MOST)))));
      }
    }
  }

  @Test
  void gzip_hasTheLevelsOfTheJdk() {
    assertThrows(IllegalArgumentException.class, () -> Transform.gzip(10));
    assertThrows(IllegalArgumentException.class, () -> Transform.gzip(-2));
    byte[] plain = random(100_000, 3);
    assertTrue(
        all(lent(plain, 1000).via(Transform.gzip(9))).length
            < all(lent(plain, 1000).via(Transform.gzip(0))).length / 3);
  }

  @Test
  void gzipLive_givesEachChunkBeforeTheNext() {
    Pipe<Chunk> in = Pipe.bytes();
    Pipe<Chunk> out = new Pipe<>(0);
    Future<Void> end =
        in.reader().stream()
            .via(Transform.gzipLive(6))
            .via(Transform.gunzip(MOST))
            .map(Chunk::detached)
            .to(Sink.writer(out));
    for (int i = 0; i < 10; i++) {
      in.writer().write(Chunk.utf8("piece " + i));
      assertEquals("piece " + i, out.reader().read().get().orElseThrow().utf8());
    }
    in.writer().close();

    assertTrue(out.reader().read().get().isEmpty());
    assertTrue(end.isReady());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 1000})
  void gunzip_failsOnWhatIsNotGzip(int size) {
    byte[] good = gzipped(bytes("hello hello hello"));
    assertEquals("hello hello hello", new String(all(lent(good, size).via(Transform.gunzip(17)))));

    byte[] wrongSum = good.clone();
    wrongSum[good.length - 8] ^= 1;
    byte[] wrongLength = good.clone();
    wrongLength[good.length - 1] ^= 1;
    byte[] wrongMagic = good.clone();
    wrongMagic[1] = 0;
    byte[] reserved = good.clone();
    reserved[3] = (byte) 0x80;
    byte[] wrongData = good.clone();
    wrongData[10] = (byte) 0xFF;
    byte[] behind = Arrays.copyOf(good, good.length + 1);

    assertEquals("wrong checksum in gzip", zipFailure(wrongSum, size));
    assertEquals("wrong length in gzip", zipFailure(wrongLength, size));
    assertEquals("not gzip", zipFailure(wrongMagic, size));
    assertEquals("illegal header of gzip: 128 at 3", zipFailure(reserved, size));
    assertEquals("illegal data in gzip", zipFailure(wrongData, size));
    assertEquals("there are bytes after the end of gzip", zipFailure(behind, size));
    for (int length = 0; length < good.length; length++) {
      assertEquals("gzip ends early", zipFailure(Arrays.copyOf(good, length), size));
    }
  }

  private static String zipFailure(byte[] bytes, int size) {
    Future<List<Chunk>> failed = chunks(lent(bytes, size).via(Transform.gunzip(MOST)));
    return assertInstanceOf(ZipException.class, failed.failure()).getMessage();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1000})
  void gunzip_readsHeadersWithAllParts(int size) {
    byte[] good = gzipped(bytes("text"));
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    packed.write(good, 0, 3);
    packed.write(4 + 8 + 16 + 2);
    packed.write(good, 4, 6);
    packed.writeBytes(new byte[] {3, 0, 'x', 'y', 'z'});
    packed.writeBytes(bytes("name\0comment\0"));
    java.util.zip.CRC32 sum = new java.util.zip.CRC32();
    sum.update(packed.toByteArray());
    packed.write((int) sum.getValue());
    packed.write((int) sum.getValue() >> 8);
    int sumAt = packed.size() - 1;
    packed.write(good, 10, good.length - 10);

    assertEquals(
        "text", new String(all(lent(packed.toByteArray(), size).via(Transform.gunzip(4)))));
    byte[] wrong = packed.toByteArray();
    wrong[sumAt] ^= 1;
    assertEquals("wrong checksum of the header of gzip", zipFailure(wrong, size));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 1000})
  void gunzipAll_readsAnyNumberOfParts(int size) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    packed.writeBytes(gzipped(bytes("one ")));
    packed.writeBytes(gzipped(new byte[0]));
    packed.writeBytes(gzipped(bytes("two")));
    byte[] all = packed.toByteArray();

    assertEquals("one two", new String(all(lent(all, size).via(Transform.gunzipAll(7)))));
    assertEquals("there are bytes after the end of gzip", zipFailure(all, size));
    Future<List<Chunk>> cut =
        chunks(lent(Arrays.copyOf(all, all.length - 1), size).via(Transform.gunzipAll(7)));
    assertEquals("gzip ends early", cut.failure().getMessage());
  }

  @Test
  void gunzip_makesOneBlockForEachThatIsAskedFor() {
    byte[] bomb = gzipped(new byte[50 << 20]);
    Probe<Chunk> probe = new Probe<>(1);
    probe.run(lent(bomb, 1000).via(Transform.gunzip(1 << 30)).map(Chunk::detached));

    assertEquals(1, probe.elements().size());
    assertEquals(16 << 10, probe.elements().get(0).size());
    probe.request(2);
    assertEquals(3, probe.elements().size());
    probe.cancel(new Failure("enough"));
  }

  @Test
  void gunzip_failsIfTooMuchComesOut() {
    byte[] bomb = gzipped(new byte[1 << 20]);
    long[] seen = {0};
    Future<Void> failed =
        lent(bomb, 1000)
            .via(Transform.gunzip(100_000))
            .to(
                Sink.forEach(
                    chunk -> {
                      seen[0] += chunk.size();
                      chunk.release();
                    }));

    assertEquals("more than 100000 bytes come out of gzip", failed.failure().getMessage());
    assertTrue(seen[0] <= 100_000);
  }

  @Test
  void byteOperators_letGoWhenTheyAreCancelled() {
    for (Transform<Chunk, Chunk> transform :
        List.of(
            Transform.rechunk(3000),
            Transform.split(Chunk.utf8("x"), MOST),
            Transform.gzip(),
            Transform.gzipLive(1),
            Transform.gunzip(MOST))) {
      Pipe<Chunk> in = Pipe.bytes();
      Probe<Chunk> probe = new Probe<>(1);
      byte[] packed = gzipped(random(40_000, 256));
      lent(packed, 1000).to(Sink.forEach(in.writer()::write)); // Without an end.
      probe.run(in.reader().stream().via(transform).map(Chunk::detached));
      Failure cause = new Failure("enough");
      probe.cancel(cause);

      assertEquals(cause, in.writer().readerClosed().get().orElseThrow());
    }
  }
}
