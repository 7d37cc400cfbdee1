package io.libprocess.net.nio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.Network;
import io.libprocess.net.Recorder;
import io.libprocess.net.Transport;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Parts of a file among other bytes, on their way to a peer that reads when it likes. */
@Timeout(180)
class QueuedFileTest {

  /** More than the buffers of a connection can hold. */
  private static final int SIZE = 16 << 20;

  @TempDir Path directory;

  private final Network network = new Network(1);
  private final byte[] content = new byte[SIZE];
  private Path path;
  private FileChannel file;
  private Socket peer;
  private Transport.Channel channel;
  private Recorder recorder;

  @BeforeEach
  void connect() throws Exception {
    new Random(1).nextBytes(content);
    path = directory.resolve("file");
    Files.write(path, content);
    file = FileChannel.open(path, StandardOpenOption.READ);
    peer = Network.dial(network.listen(Recorder::new).address());
    recorder = network.nextAccepted();
    channel = recorder.channel;
  }

  @AfterEach
  void close() throws IOException {
    peer.close();
    network.close();
    file.close();
  }

  @Test
  void parts_keepTheirPlaceAmongOtherBytes() throws Exception {
    channel.write(Recorder.utf8("<"));
    channel.write(file, 0, 3, false);
    channel.write(Recorder.utf8("|"));
    channel.write(file, 3, SIZE - 3, true);
    channel.write(Recorder.utf8(">"));
    channel.closeAfterWrites();

    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    expected.write('<');
    expected.write(content, 0, 3);
    expected.write('|');
    expected.write(content, 3, SIZE - 3);
    expected.write('>');
    assertArrayEquals(expected.toByteArray(), peer.getInputStream().readAllBytes());
    assertFalse(file.isOpen(), "closed behind its last part");
    peer.close();
    Network.await(recorder.closed);
    recorder.assertKeptContract();
  }

  @Test
  void smallParts_keepTheirPlaceWhenThePeerReadsLate() throws Exception {
    Random random = new Random(2);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    for (int at = 0; at < SIZE; ) {
      int count =
          Math.min(SIZE - at, 1 + random.nextInt(random.nextInt(8) == 0 ? 100_000 : 20_000));
      byte[] head = new byte[9];
      random.nextBytes(head);
      channel.write(ByteBuffer.wrap(head));
      channel.write(file, at, count, at + count == SIZE);
      expected.writeBytes(head);
      expected.write(content, at, count);
      at += count;
    }
    channel.closeAfterWrites();
    assertTrue(channel.queued() > 0, "the peer reads nothing so far");

    assertArrayEquals(expected.toByteArray(), peer.getInputStream().readAllBytes());
    assertFalse(file.isOpen(), "closed behind its last part");
    peer.close();
    Network.await(recorder.closed);
    recorder.assertKeptContract();
  }

  private void writeAll(int count) {
    try {
      channel.write(file, 0, count, true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void smallPart_ofAFileThatHasBecomeShorterClosesTheChannel() throws Exception {
    Files.write(path, new byte[1000]);

    channel.execute( // In one event, so that both are sent together.
        () -> {
          channel.write(Recorder.utf8("<"));
          writeAll(5000);
        });

    assertTrue(peer.getInputStream().readAllBytes().length <= 1001);
    Network.await(recorder.closed);
    assertTrue(recorder.failure.orElseThrow() instanceof EOFException, recorder.failure::toString);
    assertFalse(file.isOpen());
  }

  @Test
  void queued_countsWhatWasNotTaken() throws Exception {
    channel.write(file, 0, SIZE, false);
    assertTrue(channel.queued() > 0);
    assertArrayEquals(content, peer.getInputStream().readNBytes(SIZE));
    channel.write(file, SIZE - 5, 5, true);
    assertArrayEquals(
        Arrays.copyOfRange(content, SIZE - 5, SIZE), peer.getInputStream().readNBytes(5));
    channel.closeAfterWrites();
    assertEquals(-1, peer.getInputStream().read());
    assertEquals(0, channel.queued());
    assertFalse(file.isOpen());
  }

  @Test
  void close_closesTheFilesThatWait() throws Exception {
    try (FileChannel second = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.write(file, 0, SIZE, true);
      channel.write(second, 0, 1, false);

      channel.close();

      Network.await(recorder.closed);
      assertFalse(file.isOpen());
      assertFalse(second.isOpen());
    }
  }

  @Test
  void write_afterTheEndClosesTheFile() throws Exception {
    channel.close();
    channel.write(file, 0, SIZE, false);
    assertFalse(file.isOpen());
  }

  @Test
  void write_afterTheEndOfTheOutputClosesTheFile() throws Exception {
    channel.end();
    channel.write(file, 0, SIZE, true);
    assertFalse(file.isOpen());
    assertEquals(-1, peer.getInputStream().read());
    peer.getOutputStream().write('x');
    recorder.awaitText(1); // A failure to write would have closed the channel.
  }

  @Test
  void file_thatHasBecomeShorterClosesTheChannel() throws Exception {
    Files.write(path, new byte[1000]);

    channel.write(file, 0, SIZE, true);

    assertEquals(1000, peer.getInputStream().readAllBytes().length);
    Network.await(recorder.closed);
    assertTrue(recorder.failure.orElseThrow() instanceof EOFException, recorder.failure::toString);
    assertFalse(file.isOpen());
  }

  @Test
  void default_readsThePartIntoMemory() throws Exception {
    Transport.Channel other = new CopyingChannel(channel);
    other.write(file, 1, 9, false);
    other.write(file, 10, 2, true);
    assertArrayEquals(Arrays.copyOfRange(content, 1, 12), peer.getInputStream().readNBytes(11));
    assertFalse(file.isOpen());
  }
}
