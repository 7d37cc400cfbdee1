package io.libprocess.http.grammar;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Parses an event stream as defined by the HTML standard, while its bytes arrive. Input after the
 * last blank line is not an event. For one thread at a time.
 *
 * @param <E> an event
 */
public final class EventStreamParser<E> {

  /**
   * Makes an event.
   *
   * @param <E> the event
   */
  @FunctionalInterface
  public interface Factory<E> {

    /**
     * Makes an event.
     *
     * @param id the id of the last event that had one; may be empty
     * @param retry milliseconds; negative if the event does not give a time
     */
    E event(String type, String data, String id, long retry);
  }

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final String DEFAULT_TYPE = "message";
  private static final int FIRST_CAPACITY = 256;
  private static final int LONGEST_NUMBER = 18;

  private final int most;
  private final Factory<E> factory;

  private byte[] line = new byte[FIRST_CAPACITY];
  private int lineSize;
  private boolean afterReturn; // A line feed now belongs to the previous line end.
  private boolean begun; // The first line has ended.

  private final StringBuilder data = new StringBuilder();
  private String type = "";
  private String id = "";
  private long retry = -1;

  /**
   * Makes a parser at the beginning of a stream.
   *
   * @param most the longest line, and the longest data of an event
   */
  public EventStreamParser(int most, Factory<E> factory) {
    this.most = most;
    this.factory = factory;
  }

  /**
   * Parses bytes and returns the events that end in them.
   *
   * @throws IllegalArgumentException if a line or the data of an event is too long
   */
  public List<E> parse(ByteBuffer bytes) {
    List<E> events = new ArrayList<>(1);
    while (bytes.hasRemaining()) {
      byte next = bytes.get();
      boolean ends = next == '\r' || next == '\n' && !afterReturn;
      if (ends) {
        endLine(events);
      } else if (next != '\n') {
        add(next);
      }
      afterReturn = next == '\r';
    }
    return events;
  }

  private void add(byte next) {
    if (lineSize == line.length) {
      line = Arrays.copyOf(line, 2 * lineSize);
    }
    line[lineSize++] = next;
    if (lineSize > most) {
      throw tooLong();
    }
  }

  private IllegalArgumentException tooLong() {
    return new IllegalArgumentException("a line or the data of an event has more than " + most);
  }

  private void endLine(List<E> events) {
    int start = begun ? 0 : markSize();
    begun = true;
    String text = new String(line, start, lineSize - start, StandardCharsets.UTF_8);
    lineSize = 0;
    if (text.isEmpty()) {
      endEvent(events);
    } else {
      int colon = text.indexOf(':');
      if (colon < 0) {
        field(text, "");
      } else if (colon > 0) { // Otherwise it is a comment.
        boolean blank = text.startsWith(" ", colon + 1);
        field(text.substring(0, colon), text.substring(colon + (blank ? 2 : 1)));
      }
    }
  }

  private int markSize() {
    int size = BYTE_ORDER_MARK.length;
    boolean marked = lineSize >= size && Arrays.equals(line, 0, size, BYTE_ORDER_MARK, 0, size);
    return marked ? size : 0;
  }

  private void field(String name, String value) {
    switch (name) {
      case "event" -> type = value;
      case "data" -> {
        data.append(value).append('\n');
        if (data.length() - 1 > most) { // Without the line end.
          throw tooLong();
        }
      }
      case "id" -> {
        if (value.indexOf('\0') < 0) {
          id = value;
        }
      }
      case "retry" -> {
        boolean number =
            !value.isEmpty()
                && value.length() <= LONGEST_NUMBER
                && value.chars().allMatch(c -> c >= '0' && c <= '9');
        if (number) {
          retry = Long.parseLong(value);
        }
      }
      default -> {} // Ignored.
    }
  }

  private void endEvent(List<E> events) {
    if (data.length() > 0) {
      data.setLength(data.length() - 1);
      events.add(factory.event(type.isEmpty() ? DEFAULT_TYPE : type, data.toString(), id, retry));
      retry = -1;
    }
    data.setLength(0);
    type = "";
  }
}
