package io.libprocess.http.form;

import io.libprocess.http.Headers;
import io.libprocess.http.Status;
import io.libprocess.http.StatusException;
import io.libprocess.stream.Chunk;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Takes a multipart body apart (RFC 2046, section 5.1), whatever the pieces are in which it comes,
 * in a time that is linear in its length. Held are the head of a part, which is limited, and what
 * may be the start of a delimiter.
 *
 * <pre>
 *   PREAMBLE -> DELIMITER -> HEAD -> BODY -> DELIMITER -> ... -> EPILOGUE
 * </pre>
 *
 * <p>What breaks the rules is a {@link StatusException} of status 400 or 431. Not safe for use by
 * several threads at once.
 */
final class MultipartParser {

  /** The kind of thing that was found. */
  enum Event {
    /** Nothing: more has to be fed. */
    STARVED,
    /** A part begins. */
    PART,
    /** Some of its content. */
    DATA,
    /** It ends. */
    PART_END
  }

  private enum State {
    PREAMBLE,
    DELIMITER,
    HEAD,
    BODY,
    EPILOGUE
  }

  private static final int MOST_BLANKS = 64; // Behind a delimiter.

  private final byte[] delimiter; // With the line end before it; CR is its first byte only.
  private final int mostHead;

  private State state = State.PREAMBLE;
  private byte[] bytes = {'\r', '\n'}; // A delimiter may be the first thing.
  private int start;
  private int end = bytes.length;
  private int scanned; // In a head: no end of it begins before here.

  private Headers headers;
  private Chunk data;

  MultipartParser(byte[] boundary, int mostHead) {
    delimiter = new byte[boundary.length + 4];
    delimiter[0] = '\r';
    delimiter[1] = '\n';
    delimiter[2] = '-';
    delimiter[3] = '-';
    System.arraycopy(boundary, 0, delimiter, 4, boundary.length);
    this.mostHead = mostHead;
  }

  /** Gives more of the body; everything before must have been taken. */
  void feed(Chunk piece) {
    if (state == State.EPILOGUE) {
      return;
    }
    if (end + piece.size() > bytes.length) {
      makeRoom(piece.size());
    }
    piece.copyTo(bytes, end);
    end += piece.size();
  }

  private void makeRoom(int size) {
    int kept = end - start;
    byte[] target = kept + size <= bytes.length ? bytes : new byte[Math.max(kept + size, 2 * kept)];
    System.arraycopy(bytes, start, target, 0, kept);
    scanned = Math.max(0, scanned - start);
    bytes = target;
    start = 0;
    end = kept;
  }

  /** Checks that the last delimiter has been found. */
  void checkEnded() {
    if (state != State.EPILOGUE) {
      throw malformed("the body ends before the form does");
    }
  }

  /** The head of the part that begins. */
  Headers headers() {
    return headers;
  }

  /** The content that was found. */
  Chunk data() {
    return data;
  }

  private static StatusException malformed(String problem) {
    return new StatusException(Status.BAD_REQUEST, "The form is malformed: " + problem + ".");
  }

  /** The next thing in what was fed. */
  Event next() {
    while (true) {
      switch (state) {
        case PREAMBLE -> {
          start = delimiterOrPart();
          if (!isAtDelimiter()) {
            return Event.STARVED;
          }
          start += delimiter.length;
          state = State.DELIMITER;
        }
        case DELIMITER -> {
          if (!takeRestOfDelimiter()) {
            return Event.STARVED;
          }
        }
        case HEAD -> {
          return takeHead() ? Event.PART : Event.STARVED;
        }
        case BODY -> {
          return body();
        }
        case EPILOGUE -> {
          start = end;
          return Event.STARVED;
        }
      }
    }
  }

  /* ------ Delimiters ------ */

  /** Where a delimiter is, or else what may become one; the end if nothing may. */
  private int delimiterOrPart() {
    int at = start;
    while (at < end) {
      if (bytes[at] != '\r') {
        at++;
        continue;
      }
      int matched = 1;
      while (matched < delimiter.length
          && at + matched < end
          && bytes[at + matched] == delimiter[matched]) {
        matched++;
      }
      if (matched == delimiter.length || at + matched == end) {
        return at;
      }
      at += matched; // Nothing in between is CR.
    }
    return at;
  }

  /** Whether there is a whole delimiter where {@link #delimiterOrPart} has found something. */
  private boolean isAtDelimiter() {
    return end - start >= delimiter.length;
  }

  /** Takes what follows a delimiter: blanks and a line end, or two hyphens, which end the form. */
  private boolean takeRestOfDelimiter() {
    int at = start;
    while (at < end && (bytes[at] == ' ' || bytes[at] == '\t')) {
      at++;
    }
    if (at - start > MOST_BLANKS) {
      throw malformed("blanks behind a delimiter");
    }
    if (end - at < 2) {
      return false;
    }
    if (bytes[at] == '-' && bytes[at + 1] == '-' && at == start) {
      state = State.EPILOGUE;
    } else if (bytes[at] == '\r' && bytes[at + 1] == '\n') {
      // The line end stays: a head without fields is nothing but an empty line.
      start = at;
      scanned = at;
      state = State.HEAD;
    } else {
      throw malformed("a line that begins like a delimiter");
    }
    return true;
  }

  /* ------ Parts ------ */

  private boolean takeHead() {
    while (scanned + 4 <= end) {
      if (bytes[scanned] == '\r'
          && bytes[scanned + 1] == '\n'
          && bytes[scanned + 2] == '\r'
          && bytes[scanned + 3] == '\n') {
        checkHead(scanned - start);
        headers = fields(new String(bytes, start, scanned - start, StandardCharsets.ISO_8859_1));
        start = scanned + 2; // An empty part is a delimiter, which begins with this line end.
        state = State.BODY;
        return true;
      }
      scanned++;
    }
    checkHead(end - start);
    return false;
  }

  private void checkHead(int size) {
    if (size > mostHead) {
      throw new StatusException(
          Status.of(431), "The head of a part has more than " + mostHead + " bytes.");
    }
  }

  private static Headers fields(String head) {
    Headers.Builder fields = Headers.builder();
    for (String line : head.split("\r\n", -1)) {
      if (line.isEmpty()) {
        continue; // Before the first one.
      }
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw malformed("a header field without a name");
      }
      try {
        fields.add(line.substring(0, colon), line.substring(colon + 1));
      } catch (IllegalArgumentException e) {
        throw malformed("an illegal header field");
      }
    }
    return fields.build();
  }

  /** The content begins with the line end of the head, which is none of it. */
  private Event body() {
    if (headers != null) {
      if (end - start < 2) {
        return Event.STARVED;
      }
      int content = start + 2;
      int at = delimiterOrPart();
      if (at == start && !isAtDelimiter()) {
        return Event.STARVED; // Perhaps the part is empty.
      }
      headers = null;
      if (at == start && isAtDelimiter()) {
        return endPart();
      }
      start = content;
    }
    int at = delimiterOrPart();
    if (at > start) {
      data = Chunk.of(Arrays.copyOfRange(bytes, start, at));
      start = at;
      return Event.DATA;
    }
    return isAtDelimiter() ? endPart() : Event.STARVED;
  }

  private Event endPart() {
    start += delimiter.length;
    state = State.DELIMITER;
    return Event.PART_END;
  }
}
