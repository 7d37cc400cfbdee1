package io.libprocess.http.http1;

import io.libprocess.http.Headers;
import io.libprocess.http.access.Access;
import io.libprocess.http.access.HeadersAccess;
import io.libprocess.http.grammar.Ascii;
import io.libprocess.http.grammar.Rejection;
import io.libprocess.internal.MemoryBudget;
import java.util.Arrays;
import java.util.Set;

/** Parses the field lines of a head or of trailers, and collects the fields. */
final class FieldParser {

  private static final Rejection FOLDED = new Rejection(400, "A folded header line");
  private static final Rejection NAMELESS = new Rejection(400, "A header line without a name");
  private static final Rejection BAD_NAME = new Rejection(400, "Illegal name of a header");
  private static final Rejection TOO_MANY = new Rejection(431, "Too many header fields");

  private static final int MOST_FOLDS = 100; // Each fold copies the text before it.
  private static final int LARGEST_EXPECTED = 64;
  private static final String[] NONE = {};
  private static final HeadersAccess<Headers> HEADERS = Access.to(Headers.class);

  private final int most;
  private String[] fields = NONE;
  private int size;
  private int bytes; // Of their lines.
  private int folds;
  private int expected = 16; // The size of the last head; the next one is usually the same.

  // The start of the value of the field added last, in the line it was parsed from.
  int valueFrom;
  int valueTo;

  FieldParser(int most) {
    this.most = most;
  }

  /** The approximate number of bytes of memory that the fields take. */
  int held() {
    return bytes + size * MemoryBudget.OBJECT;
  }

  /** Adds the field of a line; returns its known kind, or null. */
  KnownField add(byte[] line, int from, int to) throws Rejection {
    if (size / 2 == most) {
      throw TOO_MANY;
    }
    int colon = endOfName(line, from, to);
    int start = colon + 1;
    while (start < to && isBlank(line[start])) {
      start++;
    }
    int end = to;
    while (end > start && isBlank(line[end - 1])) {
      end--;
    }
    valueFrom = start;
    valueTo = end;
    bytes += to - from;
    KnownField known = KnownField.find(line, from, colon);
    if (known == null) {
      put(Ascii.string(line, from, colon), Ascii.string(line, start, end));
    } else {
      put(
          known.spelled(line, from, colon),
          known.recurring ? RecurringText.of(line, start, end) : Ascii.string(line, start, end));
    }
    return known;
  }

  private static int endOfName(byte[] line, int from, int to) throws Rejection {
    int i = from;
    while (i < to && Ascii.isToken(line[i])) {
      i++;
    }
    if (i < to && line[i] == ':' && i > from) {
      return i;
    }
    if (i > from) {
      throw BAD_NAME;
    }
    throw isBlank(line[i]) ? FOLDED : NAMELESS;
  }

  private static boolean isBlank(byte b) {
    return b == Ascii.SP || b == Ascii.TAB;
  }

  /** Whether a line continues the field before it, which only clients must accept. */
  static boolean isFolded(byte[] line, int from, int to) {
    return from < to && isBlank(line[from]);
  }

  /** Appends a line to the value of the last field, after a blank. */
  void fold(byte[] line, int from, int to) throws Rejection {
    if (size == 0 || ++folds > MOST_FOLDS) {
      throw FOLDED;
    }
    bytes += to - from;
    fields[size - 1] = (fields[size - 1] + " " + Ascii.string(line, from, to).strip()).strip();
  }

  private void put(String name, String value) {
    if (size == fields.length) {
      fields = Arrays.copyOf(fields, Math.max(expected, 2 * size));
    }
    fields[size] = name;
    fields[size + 1] = value;
    size += 2;
  }

  /** The fields added since the last call. */
  Headers take() {
    if (size == 0) {
      return Headers.empty();
    }
    folds = 0;
    Headers headers = HEADERS.headers(fields, size, Set.of());
    expected = Math.min(size, LARGEST_EXPECTED);
    fields = NONE;
    size = 0;
    bytes = 0;
    return headers;
  }
}
