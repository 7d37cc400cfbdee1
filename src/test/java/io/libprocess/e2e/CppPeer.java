package io.libprocess.e2e;

import io.libprocess.UPID;
import io.libprocess.net.Address;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Receives messages as a C++ node does, with the same answer to each of them, or none. */
final class CppPeer implements Closeable {

  final BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
  final AtomicInteger connections = new AtomicInteger();

  private final ServerSocket server = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final byte[] answer;

  /**
   * Makes a peer.
   *
   * @param answer the answer to each message; empty for none
   */
  CppPeer(String answer) throws IOException {
    this.answer = answer.getBytes(StandardCharsets.ISO_8859_1);
    start(this::accept);
  }

  UPID process() {
    return new UPID("peer", Address.loopback(server.getLocalPort()));
  }

  private static void start(Runnable body) {
    Thread thread = new Thread(body, "cpp-peer");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        sockets.add(socket);
        connections.incrementAndGet();
        start(() -> serve(socket));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = new BufferedOutputStream(socket.getOutputStream());
      while (!readLine(in).isEmpty()) {
        boolean chunked = false;
        for (String field = readLine(in); !field.isEmpty(); field = readLine(in)) {
          chunked |= field.equals("Transfer-Encoding: chunked");
        }
        bodies.add(chunked ? readChunk(in) : "");
        out.write(answer);
        out.flush(); // One by one.
      }
    } catch (IOException e) {
      // The messages that have not come are missed.
    }
  }

  /** The one chunk that messages have, and the last one. */
  private static String readChunk(InputStream in) throws IOException {
    byte[] body = in.readNBytes(Integer.parseInt(readLine(in), 16));
    List<String> rest = List.of(readLine(in), readLine(in), readLine(in));
    if (!rest.equals(List.of("", "0", ""))) {
      throw new IOException("not the end of a message: " + rest);
    }
    return new String(body, StandardCharsets.UTF_8);
  }

  private static String readLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.append((char) next);
    }
    return line.toString().stripTrailing();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
