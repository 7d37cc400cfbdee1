package io.libprocess.e2e;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * The address to which a node under test sends messages: that of a process {@code py} of a test.
 */
final class Listener implements Closeable {

  private static final int PATIENCE_MILLIS = 30_000;

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private Socket socket;

  Listener() throws IOException {
    server.setSoTimeout(PATIENCE_MILLIS);
  }

  int port() {
    return server.getLocalPort();
  }

  /**
   * Waits for the first connection, if there was none yet, reads that many bytes from it, and
   * answers the messages in them.
   */
  String read(int count) throws IOException {
    if (socket == null) {
      socket = server.accept();
      socket.setSoTimeout(PATIENCE_MILLIS);
    }
    String read =
        new String(socket.getInputStream().readNBytes(count), StandardCharsets.ISO_8859_1);
    int messages = read.split("POST /", -1).length - 1;
    String answers = "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n".repeat(messages);
    socket.getOutputStream().write(answers.getBytes(StandardCharsets.ISO_8859_1));
    return read;
  }

  @Override
  public void close() throws IOException {
    if (socket != null) {
      socket.close();
    }
    server.close();
  }
}
