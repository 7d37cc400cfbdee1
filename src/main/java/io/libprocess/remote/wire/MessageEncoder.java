package io.libprocess.remote.wire;

import io.libprocess.http.Percent;
import io.libprocess.net.Address;
import io.libprocess.remote.links.LinkTag;
import io.libprocess.remote.links.Links;
import io.libprocess.remote.links.ProcessName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of messages, in the form and the header order of libprocess, and of the requests by
 * which nodes of this library tell each other about links. Those have the form of messages to ids
 * that no process has, so that a C++ node answers 404 and nothing else happens.
 */
public final class MessageEncoder {

  /** The field that makes a request one about links; its value is a {@link LinkTag}. */
  public static final String LINK = "Libprocess-Link";

  /** The field that says how long ago an announced link was made, in nanoseconds. */
  public static final String AGE = "Libprocess-Link-Age";

  /**
   * The field that says in an answer how many nanoseconds ago a linked process has ended, and
   * behind a blank how, percent-encoded.
   */
  public static final String END = "Libprocess-Link-End";

  /** The id to which links are announced; the name is the encoded id that was linked to. */
  public static final String LINK_ID = "__link__";

  /** The id to which the end of a linked process is told; the name is its encoded id. */
  public static final String EXITED_ID = "__exited__";

  /** How many bytes are behind a body. */
  static final int END_SIZE = 7;

  private static final String HEARTBEAT_ID = "__heartbeat__";
  private static final String CRLF = "\r\n";
  private static final String DEL = "\u007f"; // Which must not stand in a request line.
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

  /** How many bytes a request has. */
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

  /** Appends what is before a body. */
  static void putStart(byte[] head, int size, ByteBuffer bytes) {
    bytes.put(head).put(CHUNKED);
    for (int shift = 4 * (digits(size) - 1); shift >= 0; shift -= 4) {
      bytes.put(DIGITS[size >>> shift & 0xF]);
    }
    bytes.put(LINE_END);
  }

  /** Appends what is behind a body. */
  static void putEnd(ByteBuffer bytes) {
    bytes.put(LAST_CHUNK);
  }

  /* ------ Heads ------ */

  static byte[] messageHead(ProcessName from, ProcessName to, String name) {
    String id = Percent.encode(to.id(), DEL);
    return head(from, to.address(), id.isEmpty() ? name : id + "/" + name);
  }

  /** Announces a link to a process of another node. */
  public static Outgoing announcement(Address self, Links.Link link, long now, Receipt receipt) {
    ProcessName to = link.to();
    String age = AGE + ": " + (now - link.madeAt()) + CRLF;
    byte[] head = linkHead(self, to.address(), LINK_ID, to.id(), link.tag(), age);
    return Outgoing.of(head, EMPTY, receipt);
  }

  /** The head by which another node is told that a process which it has linked to is gone. */
  public static byte[] endHead(Address self, String ended, Address to, LinkTag tag) {
    return linkHead(self, to, EXITED_ID, ended, tag, "");
  }

  /** Asks for an answer, whatever it is. */
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
