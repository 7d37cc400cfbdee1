package io.libprocess;

import io.libprocess.http.Percent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The bytes of messages, in the form and the header order of libprocess, and of the requests by
 * which nodes of ours tell each other about links. Those have the form of messages to ids that no
 * process has, so that a C++ node answers 404 and nothing else happens. For any thread.
 *
 * <p>The heads of the messages from one process to another are the same for all of one name, so
 * they are kept.
 */
final class MessageEncoder {

  /** The field that makes a request one about links; its value is the number of the last link. */
  static final String LINK = "Libprocess-Link";

  /** The id to which links are announced; the name is the encoded id that was linked to. */
  static final String LINK_ID = "__link__";

  /** The id to which the end of a linked process is told; the name is its encoded id. */
  static final String EXITED_ID = "__exited__";

  private static final String HEARTBEAT_ID = "__heartbeat__";

  private static final int MAX_HEADS = 1024;
  private static final int LARGE = 64 << 10; // From here on a body is not copied.
  private static final String CRLF = "\r\n";
  private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n\r\n");
  private static final byte[] LINE_END = ascii(CRLF);
  private static final byte[] LAST_CHUNK = ascii("\r\n0\r\n\r\n");

  private record Line(UPID from, UPID to, String name) {}

  private final Map<Line, byte[]> heads = new ConcurrentHashMap<>();

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  Outgoing encode(Message message, Outgoing.Receipt receipt) {
    Line line = new Line(message.from(), message.to(), message.name());
    byte[] head = heads.get(line);
    if (head == null) {
      String id = Percent.encode(message.to().id());
      String path = id.isEmpty() ? message.name() : id + "/" + message.name();
      head = head(message.from(), message.to(), path);
      if (heads.size() >= MAX_HEADS) {
        heads.clear();
      }
      heads.put(line, head);
    }
    return encode(head, message.body(), receipt);
  }

  /** Announces links to a process of another node. */
  static Outgoing announcement(UPID from, UPID to, long number, Outgoing.Receipt receipt) {
    return encode(linkHead(from, to, LINK_ID, to.id(), number), new byte[0], receipt);
  }

  /** Tells another node that a process which it has linked to is gone. */
  static Outgoing exited(UPID from, String ended, UPID to, long number, Exit exit) {
    String text = exit.reason() + exit.cause().map(cause -> " " + cause).orElse("");
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    return encode(linkHead(from, to, EXITED_ID, ended, number), body, Outgoing.UNWANTED);
  }

  /** Asks for an answer, whatever it is. */
  static Outgoing heartbeat(UPID from, UPID to) {
    return encode(head(from, to, HEARTBEAT_ID), new byte[0], Outgoing.UNWANTED);
  }

  private static byte[] linkHead(UPID from, UPID to, String id, String about, long number) {
    byte[] head = head(from, to, id + "/" + Percent.encode(about));
    byte[] field = ascii(LINK + ": " + number + CRLF);
    return ByteBuffer.allocate(head.length + field.length).put(head).put(field).array();
  }

  /** All lines but the last, which is empty. */
  private static byte[] head(UPID from, UPID to, String path) {
    String text =
        ("POST /" + path + " HTTP/1.1" + CRLF)
            + ("User-Agent: libprocess/" + from + CRLF)
            + ("Libprocess-From: " + from + CRLF)
            + ("Connection: Keep-Alive" + CRLF)
            + ("Host: " + to.address() + CRLF);
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Outgoing encode(byte[] head, byte[] body, Outgoing.Receipt receipt) {
    if (body.length == 0) {
      byte[] bytes = new byte[head.length + LINE_END.length];
      append(append(0, head, bytes), LINE_END, bytes);
      return outgoing(receipt, ByteBuffer.wrap(bytes));
    }
    byte[] size = ascii(Integer.toHexString(body.length) + CRLF);
    int start = head.length + CHUNKED.length + size.length;
    boolean large = body.length >= LARGE;
    byte[] bytes = new byte[large ? start : start + body.length + LAST_CHUNK.length];
    int end = append(append(append(0, head, bytes), CHUNKED, bytes), size, bytes);
    if (large) {
      return outgoing(
          receipt, ByteBuffer.wrap(bytes), ByteBuffer.wrap(body), ByteBuffer.wrap(LAST_CHUNK));
    }
    append(append(end, body, bytes), LAST_CHUNK, bytes);
    return outgoing(receipt, ByteBuffer.wrap(bytes));
  }

  private static int append(int at, byte[] bytes, byte[] to) {
    System.arraycopy(bytes, 0, to, at, bytes.length);
    return at + bytes.length;
  }

  private static Outgoing outgoing(Outgoing.Receipt receipt, ByteBuffer... parts) {
    long size = 0;
    for (ByteBuffer part : parts) {
      size += part.remaining();
    }
    return new Outgoing(parts, size, receipt);
  }
}
