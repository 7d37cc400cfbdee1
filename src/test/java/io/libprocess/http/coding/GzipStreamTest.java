package io.libprocess.http.coding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Status;
import io.libprocess.http.StatusException;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GzipStreamTest {

  private final Pipe<Chunk> source = Pipe.bytes();
  private boolean wanted;
  private final Body.Streamed compressed = new Body.Streamed(source.reader(), () -> wanted = true);
  private final Body.Streamed plain = GzipStream.decoded(compressed, null);

  @Test
  void decoded_isReadOnlyOnceItIsWanted() {
    source.writer().write(GzipEncoder.encode(Chunk.utf8("hello")));
    source.writer().close();
    assertFalse(wanted);

    Pipe.Reader<Chunk> reader = plain.reader();

    assertTrue(wanted);
    assertEquals(List.of(Chunk.utf8("hello")), reader.toList().get());
  }

  @Test
  void decoded_holdsBackTheSource() {
    Pipe.Reader<Chunk> reader = plain.reader();
    source.writer().write(GzipEncoder.encode(Chunk.of(new byte[1 << 20])));
    source.writer().write(Chunk.of(new byte[64 << 10])); // More than the pipe stores with others.
    Future<Boolean> held = source.writer().write(Chunk.of(new byte[1]));
    assertTrue(held.isPending());
    long read = 0;
    for (Future<Optional<Chunk>> next = reader.read(); next.isReady(); next = reader.read()) {
      read += next.get().get().size();
    }
    assertEquals(1 << 20, read);
    assertTrue(held.isReady());
  }

  @Test
  void decoded_failsOnWhatIsNoGzip() {
    Pipe.Reader<Chunk> reader = plain.reader();
    source.writer().write(Chunk.utf8("plain"));

    assertEquals(Status.BAD_REQUEST, ((StatusException) reader.read().failure()).status());
    assertFalse(source.writer().write(Chunk.utf8("more")).get());
  }

  @Test
  void decoded_failsOnAnEarlyEnd() {
    Pipe.Reader<Chunk> reader = plain.reader();
    source.writer().write(Chunk.of(new byte[] {0x1F}));
    source.writer().close();

    assertEquals("The gzip body ends early", reader.read().failure().getMessage());
  }

  @Test
  void decoded_takesAnEmptyBodyForOne() {
    Pipe.Reader<Chunk> reader = plain.reader();
    source.writer().close();

    assertEquals(Optional.empty(), reader.read().get());
  }

  @Test
  void decoded_passesOnTheFailureOfTheSource() {
    Failure failure = new Failure("reset");
    Pipe.Reader<Chunk> reader = plain.reader();
    source.writer().fail(failure);

    assertSame(failure, reader.read().failure());
  }

  @Test
  void decoded_closingTheReaderClosesTheSource() {
    plain.reader().close(new Failure("enough"));

    assertEquals("enough", source.writer().readerClosed().get().get().getMessage());
  }

  @Test
  void decoded_refusedNeverWantsTheSource() {
    plain.refuse();

    assertFalse(wanted);
    assertTrue(source.writer().readerClosed().isReady());
  }

  @Test
  void encoded_isDecodedAgainPieceByPiece() {
    Pipe.Reader<Chunk> reader =
        GzipStream.decoded(GzipStream.encoded(new Body.Streamed(source.reader())), null).reader();
    for (String text : List.of("first", "second")) {
      source.writer().write(Chunk.utf8(text));
      assertEquals(text, reader.read().get().get().utf8());
    }
    source.writer().close();
    assertEquals(Optional.empty(), reader.read().get());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void pieces_areGivenBackWhenTheyAreTaken(boolean decoded) {
    AtomicInteger givenBack = new AtomicInteger();
    byte[] bytes = decoded ? GzipEncoder.encode(Chunk.utf8("hello")).toArray() : new byte[5];
    Body.Streamed body = decoded ? plain : GzipStream.encoded(new Body.Streamed(source.reader()));
    Pipe.Reader<Chunk> reader = body.reader();
    source.writer().write(Chunk.lent(bytes, 0, bytes.length, givenBack::incrementAndGet));
    assertTrue(reader.read().get().isPresent());
    assertEquals(1, givenBack.get());
  }
}
