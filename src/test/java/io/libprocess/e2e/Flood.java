package io.libprocess.e2e;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A connection that sends as long as the server takes it, and reads nothing. */
final class Flood implements Closeable {

  private static final int SMALL_BUFFER = 256 << 10;

  private final SocketChannel channel = SocketChannel.open();
  private long sent;

  Flood(int port) throws IOException {
    channel.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_BUFFER);
    channel.setOption(StandardSocketOptions.SO_SNDBUF, SMALL_BUFFER);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.configureBlocking(false);
  }

  void send(String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /**
   * Sends {@code text} over and over until the server has not taken any of it during many requests
   * of another client, or until {@code most} bytes are sent.
   *
   * @return the number of bytes sent
   */
  long sendUntilStuck(String text, long most, RawClient other) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.repeat(1000).getBytes(StandardCharsets.ISO_8859_1));
    int refused = 0;
    while (refused < 200 && sent < most) {
      if (!bytes.hasRemaining()) {
        bytes.rewind();
      }
      int written = channel.write(bytes);
      sent += written;
      if (written > 0) {
        refused = 0;
      } else {
        refused++;
        other.fetch("/plaintext");
      }
    }
    return sent;
  }

  void hangUp() throws IOException {
    channel.close();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
