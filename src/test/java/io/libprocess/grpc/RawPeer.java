package io.libprocess.grpc;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.grpc.MessageWriter;
import io.libprocess.http.server.Http2Wire;
import io.libprocess.support.Expect;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** The other end of a connection of HTTP/2, whose frames the test writes. */
final class RawPeer implements AutoCloseable {

  private final Socket socket;
  private final Http2Wire wire = new Http2Wire();
  private final List<String> frames = new ArrayList<>(); // Not taken yet.

  private RawPeer(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout((int) Expect.LIMIT.toMillis());
  }

  /** A client that has begun. */
  static RawPeer client(InetAddress ip, int port) throws IOException {
    RawPeer peer = new RawPeer(new Socket(ip, port));
    peer.send(Http2Wire.PREFACE, Http2Wire.settings(), Http2Wire.settingsAck());
    return peer;
  }

  /** A server that has read the preface, and has begun with some settings. */
  static RawPeer server(ServerSocket listener, long... settings) throws IOException {
    RawPeer peer = new RawPeer(listener.accept());
    assertTrue(
        Arrays.equals(
            Http2Wire.PREFACE, peer.socket.getInputStream().readNBytes(Http2Wire.PREFACE.length)));
    peer.send(Http2Wire.settings(settings), Http2Wire.settingsAck());
    return peer;
  }

  void send(byte[]... parts) throws IOException {
    socket.getOutputStream().write(Http2Wire.join(parts));
  }

  static byte[] message(int stream, int flags, String text) {
    byte[] frame = MessageWriter.frame(text.getBytes(StandardCharsets.UTF_8), false).toArray();
    return Http2Wire.frame(Http2Wire.DATA, flags, stream, frame);
  }

  /** The head of a call with more fields. */
  static byte[] call(int stream, String path, String... more) {
    String[] fields = {"te", "trailers", "content-type", "application/grpc"};
    String[] all = Arrays.copyOf(fields, fields.length + more.length);
    System.arraycopy(more, 0, all, fields.length, more.length);
    return Http2Wire.post(stream, path, all);
  }

  /** The head of a response. */
  static byte[] head(int stream, int flags, String... more) {
    String[] fields = {":status", "200", "content-type", "application/grpc"};
    String[] all = Arrays.copyOf(fields, fields.length + more.length);
    System.arraycopy(more, 0, all, fields.length, more.length);
    return Http2Wire.headers(stream, flags, all);
  }

  /** The next frame that has a property; those before it are dropped. */
  String next(Predicate<String> property) throws IOException {
    for (; ; ) {
      while (!frames.isEmpty()) {
        String frame = frames.remove(0);
        if (property.test(frame)) {
          return frame;
        }
      }
      byte[] buffer = new byte[64 << 10];
      int count = socket.getInputStream().read(buffer);
      if (count < 0) {
        throw new IOException("the connection has ended");
      }
      frames.addAll(wire.read(Arrays.copyOf(buffer, count)));
    }
  }

  /** The next frame of a stream that is no update of its window. */
  String next(int stream) throws IOException {
    return next(
        frame ->
            frame.split(" ").length > 1
                && frame.split(" ")[1].equals(Integer.toString(stream))
                && !frame.startsWith("WINDOW_UPDATE"));
  }

  /** Ends the connection. */
  void cut() throws IOException {
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
