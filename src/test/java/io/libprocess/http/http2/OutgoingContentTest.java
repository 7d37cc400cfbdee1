package io.libprocess.http.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Body;
import io.libprocess.http.grammar.ContentLength;
import io.libprocess.http.http1.FakeChannel;
import io.libprocess.http.http2.frame.FrameWriter;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is left of a body that is sent in pieces. */
class OutgoingContentTest {

  private final FakeChannel channel = new FakeChannel();
  private final FrameWriter writer = new FrameWriter(channel);
  private final List<String> released = new ArrayList<>();
  private final Pipe<Chunk> pipe = Pipe.unbounded();
  private int asked;

  private Chunk chunk(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Chunk.lent(bytes, 0, bytes.length, () -> released.add(text));
  }

  private OutgoingContent stream(long length) {
    return OutgoingContent.of(new Body.Streamed(pipe.reader()), length, channel, () -> asked++);
  }

  private void assertSends(String text, OutgoingContent content) {
    content.send(text.length(), writer);
    writer.flush();
    assertEquals(text, channel.takeSent());
  }

  @Test
  void bytes_areSentInParts() {
    OutgoingContent content = OutgoingContent.of(chunk("abcdef"));
    assertFalse(content.isStream());
    assertTrue(content.isLast());
    assertEquals(6, content.available());
    assertSends("ab", content);
    assertEquals(4, content.available());
    assertSends("cde", content);
    assertEquals(List.of(), released);
    assertSends("f", content);
    assertEquals(List.of("abcdef"), released);
    assertEquals(0, content.available());
    assertNull(content.failure());
    content.close(null);
    assertEquals(List.of("abcdef"), released);
  }

  @Test
  void bytes_thatAreNotSentAreReleased() {
    OutgoingContent content = OutgoingContent.of(chunk("abc"));
    assertSends("a", content);
    content.close(null);
    content.close(null);
    assertEquals(List.of("abc"), released);
  }

  @Test
  void stream_isLastWhenItHasEndedAndNothingIsLeft() {
    OutgoingContent content = stream(ContentLength.UNKNOWN);
    assertTrue(content.isStream());
    assertEquals(0, content.available());
    assertFalse(content.isLast());
    pipe.writer().write(chunk("abc"));
    assertTrue(asked > 0);
    pipe.writer().write(Chunk.empty()); // Is nothing to be sent.
    pipe.writer().write(chunk("de"));
    assertEquals(3, content.available());
    assertFalse(content.isLast());
    assertSends("abc", content);
    assertEquals(2, content.available());
    pipe.writer().close();
    assertEquals(2, content.available());
    assertTrue(content.isLast());
    assertSends("d", content);
    assertSends("e", content);
    assertEquals(0, content.available());
    assertTrue(content.isLast());
    assertNull(content.failure());
    assertEquals(List.of("abc", "de"), released);
  }

  @Test
  void stream_ofManyPiecesIsSentInOrder() {
    OutgoingContent content = stream(8);
    for (String text : List.of("abc", "de", "fgh")) {
      pipe.writer().write(chunk(text));
    }
    pipe.writer().close();
    assertEquals(3, content.available());
    assertSends("ab", content);
    assertEquals(1, content.available());
    assertSends("c", content);
    assertEquals(2, content.available());
    assertFalse(content.isLast());
    assertSends("de", content);
    assertEquals(3, content.available());
    assertTrue(content.isLast());
    assertSends("fgh", content);
    assertNull(content.failure());
    assertEquals(List.of("abc", "de", "fgh"), released);
  }

  @Test
  void failure_countsWhenAllBeforeItIsSent() {
    OutgoingContent content = stream(ContentLength.UNKNOWN);
    IOException why = new IOException("broken");
    pipe.writer().write(chunk("abc"));
    pipe.writer().fail(why);
    assertEquals(3, content.available());
    assertNull(content.failure());
    assertFalse(content.isLast());
    assertSends("abc", content);
    assertEquals(0, content.available());
    assertSame(why, content.failure());
    assertFalse(content.isLast());
  }

  @Test
  void stream_ofTheAnnouncedLengthIsSent() {
    OutgoingContent content = stream(5);
    pipe.writer().write(chunk("abc"));
    pipe.writer().write(chunk("de"));
    pipe.writer().close();
    assertEquals(3, content.available());
    assertSends("abc", content);
    assertEquals(2, content.available());
    assertTrue(content.isLast());
    assertSends("de", content);
    assertNull(content.failure());
  }

  @Test
  void stream_thatIsLongerThanAnnouncedFails() {
    OutgoingContent content = stream(4);
    pipe.writer().write(chunk("abc"));
    pipe.writer().write(chunk("de"));
    assertEquals(3, content.available());
    assertFalse(content.isLast());
    assertSends("abc", content);
    assertEquals(0, content.available());
    assertEquals("the stream is longer than its Content-Length", content.failure().getMessage());
    assertEquals(List.of("de", "abc"), released);
  }

  @Test
  void stream_thatIsShorterThanAnnouncedFails() {
    OutgoingContent content = stream(4);
    pipe.writer().write(chunk("abc"));
    pipe.writer().close();
    assertEquals(3, content.available());
    assertFalse(content.isLast());
    assertSends("abc", content);
    assertEquals(0, content.available());
    assertEquals("the stream is shorter than its Content-Length", content.failure().getMessage());
  }

  @Test
  void stream_thatIsGivenUpReleasesItsPiecesAndTellsItsSource() {
    OutgoingContent content = stream(ContentLength.UNKNOWN);
    pipe.writer().write(chunk("abc"));
    pipe.writer().write(chunk("de"));
    assertEquals(3, content.available());
    IOException why = new IOException("gone");
    content.close(why);
    assertEquals(List.of("abc", "de"), released);
    assertSame(why, pipe.writer().readerClosed().get().orElseThrow());
  }
}
