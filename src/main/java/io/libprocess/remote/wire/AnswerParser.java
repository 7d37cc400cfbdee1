package io.libprocess.remote.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Parses the answers to messages: HTTP responses, of which only the status matters. Bodies are
 * short and come with a length; anything else is an error.
 */
public final class AnswerParser {

  /** Receives answers in order. */
  public interface Sink {

    /** Receives a number of equal answers. */
    void answered(Answer answer, int count);
  }

  private static final int MAX_LINE = 8192;
  private static final int USUAL_LINE = 128;
  private static final int MAX_TEMPLATE = 512;
  private static final String LINK = MessageEncoder.LINK + ":";
  private static final String END = MessageEncoder.END + ":";

  private final Sink answered;

  /** The current line so far. It grows: lines are short, and there is one for each connection. */
  private byte[] line = new byte[USUAL_LINE];

  /**
   * The bytes of an answer without a body. The next answers are usually the same, and need not be
   * read line by line.
   */
  private byte[] template = {};

  private Answer templateAnswer;
  private int start; // Of the answer being read, in the buffer; negative before.

  private int length; // The length of the current line.
  private int status; // 0 while the status line is awaited.
  private long body; // The length of the body, from the header.
  private boolean link;
  private String linkEnd; // Null if there is none.
  private long skip; // Bytes of the body still to come.

  /**
   * Makes a parser.
   *
   * @param answered receives the answers
   */
  public AnswerParser(Sink answered) {
    this.answered = answered;
  }

  /**
   * Parses the next bytes.
   *
   * @throws IllegalArgumentException if the input is not an HTTP response
   */
  public void read(ByteBuffer bytes) {
    start = -1;
    while (bytes.hasRemaining()) {
      if (isBetween()) {
        start = bytes.position();
        int count = 0;
        while (isTemplate(bytes)) {
          bytes.position(bytes.position() + template.length);
          count++;
        }
        if (count > 0) {
          answered.answered(templateAnswer, count);
          continue;
        }
      }
      if (skip > 0) {
        int skipped = (int) Math.min(skip, bytes.remaining());
        bytes.position(bytes.position() + skipped);
        skip -= skipped;
        continue;
      }
      byte next = bytes.get();
      if (next == '\n') {
        Answer complete = endOfLine();
        if (complete != null) {
          keep(bytes, complete);
          answered.answered(complete, 1);
        }
      } else if (length == MAX_LINE) {
        throw new IllegalArgumentException("a line of over " + MAX_LINE + " bytes");
      } else {
        if (length == line.length) {
          line = Arrays.copyOf(line, Math.min(2 * length, MAX_LINE));
        }
        line[length++] = next;
      }
    }
  }

  /** Whether the next byte begins an answer. */
  private boolean isBetween() {
    return status == 0 && length == 0 && skip == 0;
  }

  private boolean isTemplate(ByteBuffer bytes) {
    int size = template.length;
    return size > 0
        && bytes.remaining() >= size
        && bytes.slice(bytes.position(), size).mismatch(ByteBuffer.wrap(template)) < 0;
  }

  private void keep(ByteBuffer bytes, Answer complete) {
    int size = bytes.position() - start;
    if (start >= 0 && skip == 0 && size <= MAX_TEMPLATE) {
      template = new byte[size];
      bytes.get(start, template);
      templateAnswer = complete;
    }
  }

  /** The answer that this line completes, or null. */
  private Answer endOfLine() {
    int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
    String text = new String(line, 0, end, StandardCharsets.ISO_8859_1);
    length = 0;
    if (status == 0) {
      status = statusOf(text);
    } else if (text.isEmpty()) {
      Answer complete = new Answer(status, link, linkEnd);
      skip = body;
      status = 0;
      body = 0;
      link = false;
      linkEnd = null;
      return complete.status() >= 200 ? complete : null; // Others are interim.
    } else if (text.regionMatches(true, 0, "Content-Length:", 0, 15)) {
      body = lengthOf(text.substring(15).trim());
    } else if (text.regionMatches(true, 0, END, 0, END.length())) {
      linkEnd = text.substring(END.length()).trim();
    } else {
      link |= text.regionMatches(true, 0, LINK, 0, LINK.length());
    }
    return null;
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
