package io.libprocess.http.http2.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Limits;
import io.libprocess.http.hpack.Octets;
import io.libprocess.http.http1.FakeChannel;
import io.libprocess.stream.Chunk;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the writer writes, the reader reads. */
class FrameWriterTest {

  private final FakeChannel channel = new FakeChannel();
  private final FrameWriter writer = new FrameWriter(channel);

  private List<String> sent() throws Http2Exception {
    FrameReader reader = new FrameReader(16_384, 1 << 20, Limits.Bursts.defaults());
    RecordedFrames found = new RecordedFrames();
    writer.flush();
    reader.feed(channel.takeSent().getBytes(StandardCharsets.ISO_8859_1));
    while (reader.parse(found)) {
      assertTrue(found.frames > 0);
    }
    assertEquals(0, reader.held());
    return found.lines;
  }

  @Test
  void frames_leaveInOneWrite() throws Exception {
    writer.settings(3, 128, 4, -1);
    writer.settingsAck();
    writer.ping(0x0102030405060708L, true);
    writer.rstStream(3, ErrorCode.CANCEL);
    writer.windowUpdate(0, 70_000);
    writer.goAway(5, ErrorCode.ENHANCE_YOUR_CALM, "too fast");
    writer.dataHeader(1, 3, true);
    writer.put(Chunk.utf8("abc"));
    assertFalse(writer.isEmpty());
    assertEquals(0, channel.writes());
    assertEquals(
        List.of(
            "setting 3=128",
            "setting 4=4294967295",
            "SETTINGS",
            "SETTINGS ack",
            "PING 102030405060708 ack",
            "RST_STREAM 3 8",
            "WINDOW_UPDATE 0 70000",
            "GOAWAY 5 11 'too fast'",
            "DATA 1 'abc' +0 end"),
        sent());
    assertEquals(1, channel.writes());
    assertTrue(writer.isEmpty());
  }

  @Test
  void largeChunk_isHandedOverAsItIs() throws Exception {
    writer.dataHeader(1, 2000, false);
    writer.put(Chunk.of(new byte[2000]));
    writer.dataHeader(1, 0, true);
    assertEquals(2, sent().size());
    assertEquals(3, channel.writes());
  }

  @Test
  void headers_areSplitByTheSizeThatThePeerAccepts() throws Exception {
    for (int size : new int[] {0, 1, 16_384, 16_385, 40_000}) {
      byte[] block = new byte[size];
      Arrays.fill(block, (byte) 'x');
      writer.ping(1, false);
      Octets out = writer.beginHeaders(3);
      for (byte octet : block) {
        out.put(octet);
      }
      writer.endHeaders(true, 16_384);
      writer.rstStream(3, ErrorCode.NO_ERROR);
      assertEquals(
          List.of("PING 1", "HEADERS 3 '" + "x".repeat(size) + "' on -1 end", "RST_STREAM 3 0"),
          sent(),
          "size " + size);
    }
  }

  @Test
  void code_thatIsNotKnownIsAnInternalError() {
    for (ErrorCode code : ErrorCode.values()) {
      assertEquals(code, ErrorCode.of(code.code()));
    }
    assertEquals(ErrorCode.INTERNAL_ERROR, ErrorCode.of(14));
    assertEquals(ErrorCode.INTERNAL_ERROR, ErrorCode.of(-1));
  }
}
