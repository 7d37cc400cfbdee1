package io.libprocess.remote.wire;

import io.libprocess.http.Percent;
import io.libprocess.net.Address;
import io.libprocess.remote.links.LinkTag;
import io.libprocess.remote.links.Links;
import io.libprocess.remote.links.ProcessName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Encodes messages, in the form and the header order of libprocess, and the requests by which nodes
 * of this library tell each other about links. These requests have the form of messages to ids that
 * no process has, so that a C++ node answers 404 and nothing else happens.
 */
public final class MessageEncoder {

  /** The field that marks a request about links; its value is a {@link LinkTag}. */
  public static final String LINK = "Libprocess-Link";

  /** The field with the age of an announced link, in nanoseconds. */
  public static final String AGE = "Libprocess-Link-Age";

  /**
   * The field of an answer that says how many nanoseconds ago a linked process ended and, after a
   * blank, how, percent-encoded.
   */
  public static final String END = "Libprocess-Link-End";

  /** The id to which links are announced; the name is the encoded id that was linked to. */
  public static final String LINK_ID = "__link__";

  /**
   * The id to which the end of a linked process is reported; the name is the process's encoded id.
   */
  public static final String EXITED_ID = "__exited__";

  /** The number of bytes after a body. */
  static final int END_SIZE = 7;

  /** The id that requests for any answer go to, and that no process has. */
  public static final String HEARTBEAT_ID = "__heartbeat__";

  private static final String CRLF = "\r\n";
  private static final String DEL = "\u007f"; // Illegal in a request line.
  private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n\r\n");
  private static final byte[] LINE_END = ascii(CRLF);
  private static final byte[] LAST_CHUNK = ascii("\r\n0\r\n\r\n");
  private static final byte[] DIGITS = ascii("0123456789abcdef");
  private static final byte[] EMPTY = {};

  private MessageEncoder() {}

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /* ------ Whole requests ------ */

  /** The number of bytes of a request. */
  static long size(byte[] head, byte[] body) {
    return body.length == 0
        ? head.length + LINE_END.length
        : (long) head.length
            + CHUNKED.length
            + digits(body.length)
            + LINE_END.length
            + body.length
            + END_SIZE;
  }

  private static int digits(int number) {
    return (Integer.SIZE - Integer.numberOfLeadingZeros(number) + 3) / 4;
  }

  /** Appends a request without a body. */
  static void putEmpty(byte[] head, ByteBuffer bytes) {
    bytes.put(head).put(LINE_END);
  }

  /** Appends the part before a body. */
  static void putStart(byte[] head, int size, ByteBuffer bytes) {
    bytes.put(head).put(CHUNKED);
    for (int shift = 4 * (digits(size) - 1); shift >= 0; shift -= 4) {
      bytes.put(DIGITS[size >>> shift & 0xF]);
    }
    bytes.put(LINE_END);
  }

  /** Appends the part after a body. */
  static void putEnd(ByteBuffer bytes) {
    bytes.put(LAST_CHUNK);
  }

  /* ------ Heads ------ */

  static byte[] messageHead(ProcessName from, ProcessName to, String name) {
    String id = Percent.encode(to.id(), DEL);
    return head(from, to.address(), id.isEmpty() ? name : id + "/" + name);
  }

  /** Encodes the announcement of a link to a process of another node. */
  public static Outgoing announcement(Address self, Links.Link link, long now, Receipt receipt) {
    ProcessName to = link.to();
    String age = AGE + ": " + (now - link.madeAt()) + CRLF;
    byte[] head = linkHead(self, to.address(), LINK_ID, to.id(), link.tag(), age);
    return Outgoing.of(head, EMPTY, receipt);
  }

  /** Encodes the head of a notice that a process to which another node has linked is gone. */
  public static byte[] endHead(Address self, String ended, Address to, LinkTag tag) {
    return linkHead(self, to, EXITED_ID, ended, tag, "");
  }

  /** Encodes a request for any answer. */
  public static Outgoing heartbeat(Address self, Address to) {
    byte[] head = head(new ProcessName("", self), to, HEARTBEAT_ID);
    return Outgoing.of(head, EMPTY, Receipt.UNWANTED);
  }

  private static byte[] linkHead(
      Address self, Address to, String id, String about, LinkTag tag, String more) {
    byte[] head = head(new ProcessName("", self), to, id + "/" + Percent.encode(about, DEL));
    byte[] fields = ascii(LINK + ": " + tag + CRLF + more);
    return ByteBuffer.allocate(head.length + fields.length).put(head).put(fields).array();
  }

  /** All lines but the last, which is empty. */
  private static byte[] head(ProcessName from, Address to, String path) {
    String text =
        ("POST /" + path + " HTTP/1.1" + CRLF)
            + ("User-Agent: libprocess/" + from + CRLF)
            + ("Libprocess-From: " + from + CRLF)
            + ("Connection: Keep-Alive" + CRLF)
            + ("Host: " + to + CRLF);
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
