package io.libprocess.e2e;

import io.libprocess.Node;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A connection whose bytes a test writes itself. Reading takes 30 seconds at most. */
final class RawClient implements Closeable {

  private static final int PATIENCE_MILLIS = 30_000;

  private final Socket socket = new Socket();
  private final InputStream in;
  private final OutputStream out;

  RawClient(int port) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
    in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    out = socket.getOutputStream();
  }

  private RawClient(String recorded) {
    in = new ByteArrayInputStream(recorded.getBytes(StandardCharsets.ISO_8859_1));
    out = OutputStream.nullOutputStream();
  }

  /** Reads recorded bytes as if they came from a server. */
  static RawClient reading(String recorded) {
    return new RawClient(recorded);
  }

  /** What a node answers on a connection of its own. */
  static Reply fetch(Node node, String target) throws IOException {
    try (RawClient client = new RawClient(node.address().port())) {
      return client.fetch(target);
    }
  }

  /** The request that most tests send. */
  static String get(String target) {
    return "GET " + target + " HTTP/1.1\r\nHost: test\r\n\r\n";
  }

  static String post(String target, String body) {
    return "POST "
        + target
        + " HTTP/1.1\r\nHost: test\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  RawClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawClient send(byte[] bytes) throws IOException {
    out.write(bytes);
    return this;
  }

  /** Sends a GET and reads the response. */
  Reply fetch(String target) throws IOException {
    return send(get(target)).reply();
  }

  void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Closes without telling the peer in an orderly way. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Whether there is no unread input. */
  boolean isQuiet() throws IOException {
    return in.available() == 0;
  }

  /** Waits for the end of the peer's output, and tells whether nothing came before it. */
  boolean isAtEnd() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketException reset) {
      return true;
    }
  }

  /** Whether the peer's output has ended, or ends within a moment; nothing must come before it. */
  boolean hasEnded() throws IOException {
    socket.setSoTimeout(50);
    try {
      return isAtEnd();
    } catch (SocketTimeoutException open) {
      return false;
    } finally {
      socket.setSoTimeout(PATIENCE_MILLIS);
    }
  }

  byte[] readToEnd() throws IOException {
    return in.readAllBytes();
  }

  byte[] read(int count) throws IOException {
    return in.readNBytes(count);
  }

  Reply reply() throws IOException {
    return reply(true);
  }

  Reply replyToHead() throws IOException {
    return reply(false);
  }

  /** Reads the head of a response, and leaves the body. */
  Reply replyHead() throws IOException {
    return reply(false);
  }

  private Reply reply(boolean withBody) throws IOException {
    String statusLine = line();
    List<String> fields = new ArrayList<>();
    for (String field = line(); !field.isEmpty(); field = line()) {
      fields.add(field);
    }
    Reply head = new Reply(statusLine, fields, new byte[0]);
    boolean bodiless = head.status() < 200 || head.status() == 204 || head.status() == 304;
    return withBody && !bodiless ? new Reply(statusLine, fields, body(head)) : head;
  }

  private byte[] body(Reply head) throws IOException {
    if (head.isChunked()) {
      return chunks();
    }
    if (head.header("Content-Length").isPresent()) {
      int length = Integer.parseInt(head.header("Content-Length").get());
      byte[] body = in.readNBytes(length);
      if (body.length < length) {
        throw new EOFException(body.length + " of " + length + " bytes");
      }
      return body;
    }
    return in.readAllBytes();
  }

  /** Reads the chunks of a body, behind its head, to their end. */
  byte[] chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int size = Integer.parseInt(line(), 16);
      body.write(in.readNBytes(size));
      String end = line();
      if (!end.isEmpty()) {
        throw new IOException("no line end after a chunk: '" + end + "'");
      }
      if (size == 0) {
        return body.toByteArray();
      }
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the connection ended in a line: '" + line + "'");
      }
      if (next == '\n') {
        int last = line.length() - 1;
        if (last < 0 || line.charAt(last) != '\r') {
          throw new IOException("a line without CR: '" + line + "'");
        }
        line.setLength(last);
        return line.toString();
      }
      line.append((char) next);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
