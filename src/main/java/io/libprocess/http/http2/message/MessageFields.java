package io.libprocess.http.http2.message;

import io.libprocess.http.Headers;
import io.libprocess.http.access.Access;
import io.libprocess.http.access.HeadersAccess;
import io.libprocess.http.grammar.ContentLength;
import io.libprocess.http.hpack.FieldSink;
import io.libprocess.internal.MemoryBudget;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Collects the fields of a message, or of its trailers, as they are decoded, and checks what RFC
 * 9113, section 8 says of both requests and responses. For one thread at a time.
 */
abstract class MessageFields implements FieldSink {

  private static final HeadersAccess<Headers> HEADERS = Access.to(Headers.class);
  private static final String[] NONE = {};
  private static final int LARGEST_EXPECTED = 64;

  /** What a field counts besides its name and value: a colon, a blank and a line end. */
  private static final int LINE_OVERHEAD = 4;

  private final int mostFields;
  private final int mostTrailers;

  private boolean trailers;
  private int sizeOfTrailers;
  private String problem; // Null if the fields are legal so far.
  private long length;
  private String[] fields = NONE;
  private Set<String> sensitive = Set.of(); // Names of fields that are never to be indexed.
  private int size;
  private int bytes; // Of their names and values.
  private int expected = 16; // The size of the last head; the next one is usually the same.

  MessageFields(int mostFields, int mostTrailers) {
    this.mostFields = mostFields;
    this.mostTrailers = mostTrailers;
  }

  /** Begins a block. */
  public void begin(boolean ofTrailers) {
    trailers = ofTrailers;
    sizeOfTrailers = 0;
    problem = null;
    length = ContentLength.UNKNOWN;
    fields = NONE; // Those of a block that was not taken.
    size = 0;
    bytes = 0;
    sensitive = Set.of();
  }

  /** Takes a field whose name begins with a colon, before any other. */
  abstract void pseudo(String name, String value);

  /** Called before the first field that is not a pseudo-field. */
  void beforeFields() {}

  /** Takes a field that is not the same for both kinds of messages; false if it was dealt with. */
  abstract boolean special(String name, String value);

  /** Notes that there are too many fields, or too large ones. */
  abstract void tooMany();

  /** Whether the rest of the fields does not matter. */
  boolean isDecided() {
    return problem != null;
  }

  @Override
  public final void field(String name, String value, boolean neverIndexed) {
    if (isDecided()) {
      return;
    }
    if (trailers) {
      sizeOfTrailers += name.length() + value.length() + LINE_OVERHEAD;
      if (sizeOfTrailers > mostTrailers) {
        tooMany();
      }
    }
    if (name.charAt(0) == ':') {
      check(!trailers, "a pseudo-field in trailers");
      check(size == 0, "a pseudo-field after another field");
      pseudo(name, value);
      return;
    }
    if (size == 0) {
      beforeFields();
    }
    if (neverIndexed) {
      markSensitive(name);
    }
    switch (name) {
      case "connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade" ->
          check(false, "the field " + name + " is not allowed in HTTP/2");
      case "te" -> {
        check(value.equals("trailers"), "the field te is not 'trailers'");
        put(name, value);
      }
      case "content-length" -> contentLength(value);
      default -> {
        if (special(name, value)) {
          put(name, value);
        }
      }
    }
  }

  /** The mark is kept when the message is passed on: RFC 7541, section 7.1.3. */
  private void markSensitive(String name) {
    if (sensitive.isEmpty()) {
      sensitive = new LinkedHashSet<>();
    }
    sensitive.add(name);
  }

  private void contentLength(String value) {
    long stated = ContentLength.parse(value);
    check(stated != ContentLength.UNKNOWN, "content-length is not a number");
    if (length == ContentLength.UNKNOWN) {
      length = stated;
      put("content-length", value);
    }
    check(length == stated, "content-length has several values");
  }

  @Override
  public final void malformed(String rule) {
    check(false, rule);
  }

  final void check(boolean legal, String rule) {
    if (!legal && problem == null) {
      problem = rule;
    }
  }

  final boolean isOfTrailers() {
    return trailers;
  }

  /** How the fields are malformed, or null if they are not. */
  final String problem() {
    return problem;
  }

  /** The announced length of the body, or {@link ContentLength#UNKNOWN}. */
  public final long length() {
    return length;
  }

  final boolean isEmpty() {
    return size == 0;
  }

  /** The place of the value of the field that is put next. */
  final int nextValue() {
    return size + 1;
  }

  /** Adds to the value at a place. */
  final void append(int place, String more) {
    fields[place] += more;
    bytes += more.length();
  }

  final void put(String name, String value) {
    if (size / 2 == mostFields) {
      tooMany();
      return;
    }
    if (size == fields.length) {
      fields = Arrays.copyOf(fields, Math.max(expected, 2 * size));
    }
    fields[size] = name;
    fields[size + 1] = value;
    size += 2;
    bytes += name.length() + value.length();
  }

  /** The approximate number of bytes of memory that the fields take. */
  public final int held() {
    return bytes + size * MemoryBudget.OBJECT;
  }

  /** The fields that were put. */
  final Headers take() {
    if (size == 0) {
      return Headers.empty();
    }
    Headers headers = HEADERS.headers(fields, size, sensitive);
    expected = Math.min(size, LARGEST_EXPECTED);
    fields = NONE;
    sensitive = Set.of();
    size = 0;
    bytes = 0;
    return headers;
  }
}
