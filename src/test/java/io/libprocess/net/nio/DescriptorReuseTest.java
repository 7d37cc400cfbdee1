package io.libprocess.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.Address;
import io.libprocess.net.Network;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Recorder;
import io.libprocess.net.Transport;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A descriptor is not released while a thread uses it: the next connection would get its number,
 * and with it the bytes of another one.
 */
@Timeout(180)
class DescriptorReuseTest {

  @TempDir Path directory;

  private final Network network = new Network(2);

  @AfterEach
  void close() {
    network.close();
  }

  @Test
  void close_whileAFileIsBeingSentKeepsTheSocketOpenForSoLong() throws Exception {
    Path path = directory.resolve("file");
    Files.write(path, new byte[1000]);
    NetworkAddress address = network.listen(Recorder::new).address();
    try (FileChannel content = FileChannel.open(path, StandardOpenOption.READ);
        Socket peer = Network.dial(address)) {
      Recorder server = network.nextAccepted();
      HeldFile file = new HeldFile(content);
      Thread sender = new Thread(() -> write(server.channel, file));
      sender.start();
      Network.await(file.inside);

      server.channel.close();
      Network.await(server.closed);
      network.releaseDescriptors(2);
      assertTrue(file.target.isOpen(), "closed while a thread is in transferTo");
      assertTrue(file.isOpen(), "closed while a thread is in transferTo");

      file.goOn.countDown();
      sender.join();
      peer.getInputStream().readAllBytes(); // Until the server has closed.
      network.releaseDescriptors(2);
      assertFalse(file.target.isOpen(), "never closed");
      assertFalse(file.isOpen(), "never closed");
    }
  }

  @Test
  void close_whileAFileIsBeingSentAndFailsReleasesTheSocketAfterIt() throws Exception {
    Path path = directory.resolve("file");
    Files.write(path, new byte[1000]);
    NetworkAddress address = network.listen(Recorder::new).address();
    try (FileChannel content = FileChannel.open(path, StandardOpenOption.READ);
        Socket peer = Network.dial(address)) {
      Recorder server = network.nextAccepted();
      HeldFile file = new HeldFile(content);
      file.failure = new IOException("the disk is broken");
      Thread sender = new Thread(() -> write(server.channel, file));
      sender.start();
      Network.await(file.inside);

      server.channel.close();
      Network.await(server.closed);
      assertTrue(file.target.isOpen(), "closed while a thread is in transferTo");
      file.goOn.countDown();
      sender.join();
      assertEquals(-1, peer.getInputStream().read()); // Until the server has closed.
      network.releaseDescriptors(2);
      assertFalse(file.target.isOpen(), "never closed");
      assertFalse(file.isOpen(), "never closed");
    }
  }

  @Test
  void transportClose_whileAFileIsBeingSentKeepsTheSocketOpenForSoLong() throws Exception {
    Path path = directory.resolve("file");
    Files.write(path, new byte[1000]);
    NetworkAddress address = network.listen(Recorder::new).address();
    try (FileChannel content = FileChannel.open(path, StandardOpenOption.READ);
        Socket peer = Network.dial(address)) {
      Recorder server = network.nextAccepted();
      HeldFile file = new HeldFile(content);
      Thread sender = new Thread(() -> write(server.channel, file));
      sender.start();
      Network.await(file.inside);

      network.transport.close();
      Network.await(server.closed);
      assertTrue(file.target.isOpen(), "closed while a thread is in transferTo");

      file.goOn.countDown();
      sender.join();
      assertFalse(file.target.isOpen(), "never closed");
      assertFalse(file.isOpen(), "never closed");
      assertTrue(peer.isConnected());
    }
  }

  private static void write(Transport.Channel channel, FileChannel file) {
    try {
      channel.write(file, 0, 1000, true);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /* ------ Many clients ------ */

  private static final int DOWNLOADERS = 4;
  private static final int DOWNLOADS = 300; // Of each.
  private static final String LINE = "a line for whoever asked for it\n";

  @Test
  void abortedDownloads_reachNobodyElse() throws Exception {
    Path secret = directory.resolve("secret");
    Files.writeString(secret, "SECRET-OF-ANOTHER ".repeat(200_000), StandardCharsets.US_ASCII);
    int size = (int) Files.size(secret);
    NetworkAddress address =
        network
            .transport
            .listen(Address.loopback(0), 1024, channel -> new Served(channel, secret, size))
            .address();
    Queue<String> wrong = new ConcurrentLinkedQueue<>();
    CountDownLatch over = new CountDownLatch(DOWNLOADERS);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < DOWNLOADERS; i++) {
      threads.add(new Thread(() -> abortDownloads(address, over)));
      threads.add(new Thread(() -> askForLines(address, over, wrong)));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(List.of(), List.copyOf(wrong));
  }

  private static void abortDownloads(NetworkAddress address, CountDownLatch over) {
    for (int i = 0; i < DOWNLOADS; i++) {
      try (Socket peer = Network.dial(address)) {
        peer.setSoLinger(true, 0);
        peer.getOutputStream().write('F');
        peer.getInputStream().readNBytes(50);
      } catch (IOException e) {
        // Reset, as was to be expected.
      }
    }
    over.countDown();
  }

  private static void askForLines(
      NetworkAddress address, CountDownLatch over, Queue<String> wrong) {
    while (over.getCount() > 0 && wrong.isEmpty()) {
      try (Socket peer = Network.dial(address)) {
        for (int i = 0; i < 3; i++) {
          peer.getOutputStream().write('L');
          byte[] line = peer.getInputStream().readNBytes(LINE.length());
          String got = new String(line, StandardCharsets.US_ASCII);
          if (!got.equals(LINE)) {
            wrong.add(got);
            return;
          }
        }
      } catch (IOException e) {
        wrong.add(e.toString());
      }
    }
  }

  /** Sends lines from the event loop, and files from a thread that the loop does not wait for. */
  private static final class Served extends Recorder {
    private final Path secret;
    private final int size;

    Served(Transport.Channel channel, Path secret, int size) {
      super(channel);
      this.secret = secret;
      this.size = size;
    }

    @Override
    public void onReceived(ByteBuffer data) {
      while (data.hasRemaining()) {
        if (data.get() == 'L') {
          channel.write(utf8(LINE));
        } else {
          new Thread(this::sendFile).start();
        }
      }
    }

    private void sendFile() {
      try {
        channel.write(FileChannel.open(secret, StandardOpenOption.READ), 0, size, true);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** A file that is sent only when the test says so. */
  private static final class HeldFile extends FileChannel {
    final CountDownLatch inside = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);
    volatile Channel target;
    volatile IOException failure; // Thrown instead of sending; null: nothing is.

    private final FileChannel content;

    HeldFile(FileChannel content) {
      this.content = content;
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
      target = to;
      inside.countDown();
      Network.await(goOn);
      if (failure != null) {
        throw failure;
      }
      return content.transferTo(position, count, to);
    }

    @Override
    public long size() throws IOException {
      return content.size();
    }

    @Override
    protected void implCloseChannel() throws IOException {
      content.close();
    }

    @Override
    public int read(ByteBuffer dst) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long read(ByteBuffer[] dsts, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer src) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] srcs, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long position() {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel position(long newPosition) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel truncate(long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void force(boolean metaData) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel src, long position, long count) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int read(ByteBuffer dst, long position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer src, long position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) {
      throw new UnsupportedOperationException();
    }
  }
}
