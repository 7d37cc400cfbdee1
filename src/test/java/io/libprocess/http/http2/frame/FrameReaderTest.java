package io.libprocess.http.http2.frame;

import static io.libprocess.http.http2.frame.RecordedFrames.frame;
import static io.libprocess.http.http2.frame.RecordedFrames.join;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Limits;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameReaderTest {

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int PRIORITY = 2;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PUSH_PROMISE = 5;
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int WINDOW_UPDATE = 8;
  private static final int CONTINUATION = 9;
  private static final int PRIORITY_UPDATE = 16;

  private static final int LARGEST = 16_384;
  private static final int MOST_BLOCK = 50_000;

  /** Parses frames given as one piece, then byte by byte, which must find the same. */
  private static List<String> parse(byte[]... frames) throws Http2Exception {
    byte[] all = join(frames);
    List<String> whole = parsePieces(all, all.length);
    assertEquals(whole, parsePieces(all, 1));
    assertEquals(whole, parsePieces(all, 10));
    return whole;
  }

  private static List<String> parsePieces(byte[] all, int size) throws Http2Exception {
    FrameReader reader = new FrameReader(LARGEST, MOST_BLOCK, Limits.Bursts.defaults());
    RecordedFrames found = new RecordedFrames();
    for (int from = 0; from < all.length; from += size) {
      reader.feed(Arrays.copyOfRange(all, from, Math.min(all.length, from + size)));
      while (reader.parse(found)) {
        assertTrue(found.frames > 0);
      }
    }
    assertEquals(0, reader.held());
    return found.lines;
  }

  /** The error in frames: the code, its stream and the text. */
  private static String error(byte[]... frames) {
    byte[] all = join(frames);
    String whole = error(all, all.length);
    assertEquals(whole, error(all, 1));
    return whole;
  }

  private static String error(byte[] all, int size) {
    Http2Exception e = assertThrows(Http2Exception.class, () -> parsePieces(all, size));
    return e.code() + " " + e.stream() + ": " + e.getMessage();
  }

  @Test
  void frames_areFoundHoweverTheyAreCut() throws Exception {
    assertEquals(
        List.of(
            "setting 4=4294967295",
            "setting 1=0",
            "SETTINGS",
            "SETTINGS ack",
            "HEADERS 1 'ab' on -1 end",
            "DATA 3 'abc' +0",
            "DATA 3 '' +0 end",
            "PRIORITY 5 on 3",
            "RST_STREAM 7 8",
            "PING 102030405060708",
            "PING ffffffffffffffff ack",
            "GOAWAY 9 2 'a b'",
            "WINDOW_UPDATE 0 65536",
            "WINDOW_UPDATE 3 0",
            "PRIORITY_UPDATE 3 'u=1'",
            "unknown 119 3",
            "PUSH_PROMISE 3"),
        parse(
            frame(SETTINGS, 0, 0, "0004ffffffff 000100000000"),
            frame(SETTINGS, 1, 0, ""),
            frame(HEADERS, 5, 1, "6162"),
            frame(DATA, 0, 3, "616263"),
            frame(DATA, 1, 3, ""),
            frame(PRIORITY, 0, 5, "8000000310"),
            frame(RST_STREAM, 0, 7, "00000008"),
            frame(PING, 0, 0, "0102030405060708"),
            frame(PING, 1, 0, "ffffffffffffffff"),
            frame(GOAWAY, 0, 0, "8000000900000002610a62"),
            frame(WINDOW_UPDATE, 0, 0, "80010000"),
            frame(WINDOW_UPDATE, 0, 3, "80000000"),
            frame(PRIORITY_UPDATE, 0, 0, "00000003753d31"),
            frame(0x77, 0xff, 3, "00"),
            frame(PUSH_PROMISE, 4, 3, "00000002")));
  }

  @Test
  void padding_isStripped() throws Exception {
    assertEquals(
        List.of("DATA 1 'ab' +3", "DATA 1 '' +3 end", "HEADERS 1 'ab' on 7", "HEADERS 1 '' on -1"),
        parse(
            frame(DATA, 8, 1, "0261620000"),
            frame(DATA, 9, 1, "020000"),
            frame(HEADERS, 0x2c, 1, "01 00000007ff 6162 00"),
            frame(HEADERS, 0x0c, 1, "0100")));
    String padding = "PROTOCOL_ERROR 0: the padding is larger than the frame";
    assertEquals(padding, error(frame(DATA, 8, 1, "0100".substring(0, 2))));
    assertEquals(padding, error(frame(DATA, 8, 1, "036162")));
    assertEquals(padding, error(frame(HEADERS, 0x0c, 1, "036162")));
    assertEquals(padding, error(frame(HEADERS, 0x2c, 1, "01 00000007ff")));
  }

  @Test
  void headerBlock_isJoined() throws Exception {
    assertEquals(
        List.of("HEADERS 3 'abcd' on 1 end", "DATA 3 'e' +0"),
        parse(
            frame(HEADERS, 0x21, 3, "0000000110 61"),
            frame(CONTINUATION, 0, 3, "6263"),
            frame(CONTINUATION, 0, 3, ""),
            frame(CONTINUATION, 4, 3, "64"),
            frame(DATA, 0, 3, "65")));
  }

  @Test
  void headerBlock_allowsNothingInside() {
    byte[] begun = frame(HEADERS, 0, 3, "61");
    String inside = "PROTOCOL_ERROR 0: a frame inside of a header block";
    assertEquals(inside, error(begun, frame(DATA, 0, 3, "61")));
    assertEquals(inside, error(begun, frame(HEADERS, 4, 3, "61")));
    assertEquals(inside, error(begun, frame(PING, 0, 0, "0102030405060708")));
    assertEquals(inside, error(begun, frame(0x77, 0, 3, "61")));
    assertEquals(inside, error(begun, frame(CONTINUATION, 4, 5, "61")));
    String stray = "PROTOCOL_ERROR 0: CONTINUATION without a header block";
    assertEquals(stray, error(frame(CONTINUATION, 4, 3, "61")));
    assertEquals(stray, error(frame(CONTINUATION, 4, 0, "61")));
    assertEquals(stray, error(frame(HEADERS, 4, 3, "61"), frame(CONTINUATION, 4, 3, "61")));
  }

  @Test
  void headerBlock_hasLimits() throws Exception {
    byte[] begun = frame(HEADERS, 0, 3, "61");
    byte[] more = frame(CONTINUATION, 0, 3, "61");
    byte[] empty = frame(CONTINUATION, 0, 3, "");
    byte[] last = frame(CONTINUATION, 4, 3, "61");
    assertEquals(
        List.of("HEADERS 3 'aaaaaaaaa' on -1"),
        parse(begun, more, more, more, more, more, more, more, last));
    String frames = "ENHANCE_YOUR_CALM 0: too many CONTINUATION frames in a header block";
    assertEquals(frames, error(begun, more, more, more, more, more, more, more, more, last));
    assertEquals(List.of("HEADERS 3 'aa' on -1"), parse(begun, empty, last));
    assertEquals(frames, error(begun, empty, empty));
    assertEquals(frames, error(begun, empty, frame(CONTINUATION, 4, 3, "")));
    byte[] large = frame(CONTINUATION, 0, 3, "62".repeat(LARGEST));
    String size = "ENHANCE_YOUR_CALM 0: a header block of more than 50000 bytes";
    assertEquals(1, parsePieces(join(begun, large, large, large, last), 1000).size());
    assertEquals(size, error(join(begun, large, large, large, large), 1000));
  }

  @Test
  void size_isThatOfTheType() throws Exception {
    for (byte[] wrong :
        List.of(
            frame(DATA, 8, 1, ""),
            frame(HEADERS, 8, 1, ""),
            frame(HEADERS, 0x20, 1, "00000000"),
            frame(HEADERS, 0x28, 1, "0000000000"),
            frame(RST_STREAM, 0, 1, "000000"),
            frame(RST_STREAM, 0, 1, "0000000000"),
            frame(SETTINGS, 0, 0, "0001000000"),
            frame(SETTINGS, 1, 0, "000100000000"),
            frame(PING, 0, 0, "01020304050607"),
            frame(GOAWAY, 0, 0, "00000000000000"),
            frame(WINDOW_UPDATE, 0, 1, "0000000001"),
            frame(PRIORITY_UPDATE, 0, 0, "000000"))) {
      assertTrue(error(wrong).startsWith("FRAME_SIZE_ERROR 0: "), error(wrong));
    }
    assertEquals(
        "FRAME_SIZE_ERROR 0: a frame of 16385 octets",
        error(frame(0x77, 0, 1, "00".repeat(LARGEST + 1)), 4000));
    assertEquals(
        "FRAME_SIZE_ERROR 5: PRIORITY of 4 octets", error(frame(PRIORITY, 0, 5, "00000001")));
  }

  @Test
  void sizeOfAFrame_isCheckedBeforeItsPayloadHasArrived() {
    FrameReader reader = new FrameReader(LARGEST, MOST_BLOCK, Limits.Bursts.defaults());
    reader.feed(Arrays.copyOf(frame(DATA, 0, 1, "00".repeat(LARGEST + 1)), 9));
    assertThrows(Http2Exception.class, () -> reader.parse(new RecordedFrames()));
  }

  @Test
  void stream_isThatOfTheType() {
    for (byte[] wrong :
        List.of(
            frame(DATA, 0, 0, ""),
            frame(HEADERS, 4, 0, "61"),
            frame(PRIORITY, 0, 0, "0000000110"),
            frame(RST_STREAM, 0, 0, "00000000"),
            frame(PUSH_PROMISE, 0, 0, "00000000"),
            frame(SETTINGS, 0, 1, ""),
            frame(PING, 0, 1, "0102030405060708"),
            frame(GOAWAY, 0, 1, "0000000000000000"),
            frame(PRIORITY_UPDATE, 0, 1, "00000001"),
            frame(PRIORITY_UPDATE, 0, 0, "00000000"))) {
      assertTrue(error(wrong).startsWith("PROTOCOL_ERROR 0: "), error(wrong));
    }
  }

  @Test
  void settings_areNotMoreThan32() throws Exception {
    assertEquals(33, parse(frame(SETTINGS, 0, 0, "007700000000".repeat(32))).size());
    assertEquals(
        "ENHANCE_YOUR_CALM 0: more than 32 settings in one frame",
        error(frame(SETTINGS, 0, 0, "007700000000".repeat(33))));
  }

  @Test
  void settings_haveNumbersOfTwoOctetsAndValuesOfFour() throws Exception {
    List<String> found = parse(frame(SETTINGS, 0, 0, "0104fffffffe" + "ff0580000001"));
    assertEquals(
        List.of("setting 260=4294967294", "setting 65285=2147483649"), found.subList(0, 2));
  }

  @Test
  void errorOfAStream_doesNotDisturbTheNextFrame() throws Exception {
    FrameReader reader = new FrameReader(LARGEST, MOST_BLOCK, Limits.Bursts.defaults());
    RecordedFrames found = new RecordedFrames();
    reader.feed(join(frame(PRIORITY, 0, 5, "00"), frame(DATA, 0, 1, "61")));
    assertThrows(Http2Exception.class, () -> reader.parse(found));
    assertTrue(reader.parse(found));
    assertFalse(reader.parse(found));
    assertEquals(List.of("DATA 1 'a' +0"), found.lines);
  }

  @Test
  void held_growsWithWhatHasArrivedOnly() throws Exception {
    FrameReader reader = new FrameReader(LARGEST, MOST_BLOCK, Limits.Bursts.defaults());
    byte[] large = frame(DATA, 0, 1, "00".repeat(LARGEST));
    reader.feed(Arrays.copyOf(large, 10));
    assertFalse(reader.parse(new RecordedFrames()));
    assertTrue(reader.held() <= 64, "held " + reader.held());
    assertFalse(reader.isInsideBlock());
    FrameReader other = new FrameReader(LARGEST, MOST_BLOCK, Limits.Bursts.defaults());
    other.feed(frame(HEADERS, 0, 1, "6162"));
    assertTrue(other.parse(new RecordedFrames()));
    assertTrue(other.isInsideBlock());
    assertEquals(2, other.held());
  }

  /** Whatever arrives is a frame or an error, and the cuts do not matter. */
  @Test
  void randomBytes_areFramesOrErrors() {
    Random random = new Random(7);
    int frames = 0;
    byte[][] samples = {
      frame(SETTINGS, 0, 0, "000400001000"),
      frame(HEADERS, 0, 1, "6162"),
      frame(CONTINUATION, 4, 1, "63"),
      frame(DATA, 8, 1, "01616200"),
      frame(PING, 0, 0, "0102030405060708"),
      frame(WINDOW_UPDATE, 0, 3, "00000001"),
      frame(HEADERS, 0x2c, 3, "01 0000000110 61 00")
    };
    for (int round = 0; round < 3000; round++) {
      byte[] bytes = {};
      for (int i = random.nextInt(6); i >= 0; i--) {
        bytes = join(bytes, samples[random.nextInt(samples.length)]);
      }
      if (random.nextBoolean()) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(20);
      }
      String whole = outcome(bytes, bytes.length + 1);
      assertEquals(whole, outcome(bytes, 1));
      assertEquals(whole, outcome(bytes, 7));
      frames += whole.contains(",") ? 1 : 0;
    }
    assertTrue(frames > 500, "frames " + frames);
  }

  private static String outcome(byte[] all, int size) {
    FrameReader reader = new FrameReader(LARGEST, MOST_BLOCK, Limits.Bursts.defaults());
    RecordedFrames found = new RecordedFrames();
    try {
      for (int from = 0; from < all.length; from += size) {
        reader.feed(Arrays.copyOfRange(all, from, Math.min(all.length, from + size)));
        while (reader.parse(found)) {
          assertTrue(found.frames > 0);
        }
      }
    } catch (Http2Exception e) {
      return found.lines + " " + e.code() + e.getMessage();
    }
    return found.lines.toString();
  }
}
