package io.libprocess;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Reads the answers to messages: HTTP responses, of which only the status matters. Bodies are short
 * and come with a length; anything else counts as the end of sensible answers.
 */
final class Answers {

  private static final int MAX_LINE = 8192;
  private static final String LINK = MessageEncoder.LINK + ":";

  private final Consumer<Answer> answered;
  private final byte[] line = new byte[MAX_LINE];

  private int length; // Of the current line.
  private int status; // 0 while the status line is awaited.
  private long body; // Bytes of the body, from the header.
  private boolean link;
  private long skip; // Bytes of the body still to come.

  /**
   * A reader.
   *
   * @param answered told each answer
   */
  Answers(Consumer<Answer> answered) {
    this.answered = answered;
  }

  /**
   * Reads on.
   *
   * @throws IllegalArgumentException if this is no HTTP response
   */
  void read(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      if (skip > 0) {
        int skipped = (int) Math.min(skip, bytes.remaining());
        bytes.position(bytes.position() + skipped);
        skip -= skipped;
        continue;
      }
      byte next = bytes.get();
      if (next == '\n') {
        endOfLine();
      } else if (length == MAX_LINE) {
        throw new IllegalArgumentException("a line of over " + MAX_LINE + " bytes");
      } else {
        line[length++] = next;
      }
    }
  }

  private void endOfLine() {
    int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
    String text = new String(line, 0, end, StandardCharsets.ISO_8859_1);
    length = 0;
    if (status == 0) {
      status = statusOf(text);
    } else if (text.isEmpty()) {
      Answer complete = new Answer(status, link);
      skip = body;
      status = 0;
      body = 0;
      link = false;
      if (complete.status() >= 200) { // Others are interim.
        answered.accept(complete);
      }
    } else if (text.regionMatches(true, 0, "Content-Length:", 0, 15)) {
      body = lengthOf(text.substring(15).trim());
    } else {
      link |= text.regionMatches(true, 0, LINK, 0, LINK.length());
    }
  }

  private static int statusOf(String line) {
    if (!line.startsWith("HTTP/1.") || line.length() < 12) {
      throw new IllegalArgumentException("not a status line: '" + line + "'");
    }
    return Integer.parseInt(line.substring(9, 12));
  }

  private static long lengthOf(String text) {
    long length = Long.parseLong(text);
    if (length < 0) {
      throw new IllegalArgumentException("negative Content-Length: " + text);
    }
    return length;
  }
}
