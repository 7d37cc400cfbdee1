package io.libprocess.grpc;

import static java.util.Objects.requireNonNull;

import io.libprocess.http.Headers;
import io.libprocess.http.grpc.GrpcCode;
import io.libprocess.http.grpc.GrpcWireException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Names with values that go along with a call, before its messages (headers) or after them
 * (trailers). A name that ends with {@code -bin} has values of bytes, others have texts. Several
 * values may have one name. Immutable.
 */
public final class GrpcMetadata {

  private static final String BINARY = "-bin";
  private static final String RESERVED = "grpc-";
  private static final int OVERHEAD = 32; // That HTTP/2 counts for a field.
  private static final GrpcMetadata EMPTY = new GrpcMetadata(List.of());

  /** The value is a {@code String}, or a {@code byte[]} that is never changed. */
  private record Entry(String name, Object value) {}

  private final List<Entry> entries;

  private GrpcMetadata(List<Entry> entries) {
    this.entries = entries;
  }

  /** Metadata without entries. */
  public static GrpcMetadata empty() {
    return EMPTY;
  }

  /**
   * Metadata of texts.
   *
   * @param namesAndValues a name, its value, another name and so on
   * @throws IllegalArgumentException if one is illegal: see {@link Builder#add(String, String)}
   */
  public static GrpcMetadata of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException("a name without a value: " + namesAndValues.length);
    }
    Builder builder = builder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      builder.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return builder.build();
  }

  /** A builder without entries. */
  public static Builder builder() {
    return new Builder();
  }

  /** Whether there are no entries. */
  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /** The names, in their order. */
  public Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    entries.forEach(entry -> names.add(entry.name));
    return names;
  }

  /** The first text of a name. */
  public Optional<String> text(String name) {
    return texts(name).stream().findFirst();
  }

  /** All texts of a name. */
  public List<String> texts(String name) {
    List<String> found = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.name.equals(name) && entry.value instanceof String text) {
        found.add(text);
      }
    }
    return found;
  }

  /** The first bytes of a name that ends with {@code -bin}. */
  public Optional<byte[]> bytes(String name) {
    return allBytes(name).stream().findFirst();
  }

  /** All bytes of a name that ends with {@code -bin}. */
  public List<byte[]> allBytes(String name) {
    List<byte[]> found = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.name.equals(name) && entry.value instanceof byte[] bytes) {
        found.add(bytes.clone());
      }
    }
    return found;
  }

  /** The names; values may be secret. */
  @Override
  public String toString() {
    return "Metadata" + names();
  }

  /* ------ The wire ------ */

  /** The size as that of fields of HTTP/2 is counted. */
  int size() {
    int size = 0;
    for (Entry entry : entries) {
      size += OVERHEAD + entry.name.length() + wireValue(entry).length();
    }
    return size;
  }

  private static String wireValue(Entry entry) {
    return entry.value instanceof byte[] bytes
        ? Base64.getEncoder().withoutPadding().encodeToString(bytes)
        : (String) entry.value;
  }

  void addTo(Headers.Builder fields) {
    for (Entry entry : entries) {
      fields.add(entry.name, wireValue(entry));
    }
  }

  /**
   * The metadata in fields, apart from those that belong to HTTP or to gRPC itself.
   *
   * @throws GrpcWireException if bytes cannot be decoded
   */
  static GrpcMetadata in(Headers fields) throws GrpcWireException {
    List<Entry> found = new ArrayList<>(0);
    for (int i = 0; i < fields.size(); i++) {
      String name = fields.name(i).toLowerCase(Locale.ROOT);
      if (name.endsWith(BINARY)) {
        for (String part : fields.value(i).split(",", -1)) {
          found.add(new Entry(name, decoded(name, part.strip())));
        }
      } else if (!isReserved(name)) {
        found.add(new Entry(name, fields.value(i)));
      }
    }
    return found.isEmpty() ? EMPTY : new GrpcMetadata(List.copyOf(found));
  }

  private static byte[] decoded(String name, String value) throws GrpcWireException {
    try {
      return Base64.getDecoder().decode(value);
    } catch (IllegalArgumentException e) {
      throw new GrpcWireException(GrpcCode.INTERNAL, "the value of " + name + " is not base64");
    }
  }

  private static boolean isReserved(String name) {
    return name.startsWith(RESERVED)
        || switch (name) {
          case "content-type", "te", "host", "content-length", "date", "connection" -> true;
          default -> false;
        };
  }

  /** Collects entries. Not thread-safe. */
  public static final class Builder {

    private final List<Entry> entries = new ArrayList<>();

    private Builder() {}

    /**
     * Adds a text.
     *
     * @param name of lower-case letters, digits, {@code _}, {@code -} and {@code .}; it must not
     *     begin with {@code grpc-} or end with {@code -bin}
     * @param value of printable ASCII, without blanks at its ends
     * @throws IllegalArgumentException if one of them is illegal
     */
    public Builder add(String name, String value) {
      checkName(name);
      if (name.endsWith(BINARY)) {
        throw new IllegalArgumentException("the value of " + name + " must be bytes");
      }
      boolean printable = value.chars().allMatch(c -> c >= ' ' && c < 0x7F);
      if (!printable || !value.strip().equals(value)) {
        throw new IllegalArgumentException(
            "the value of " + name + " is not printable ASCII, or has blanks at its ends");
      }
      entries.add(new Entry(name, value));
      return this;
    }

    /**
     * Adds bytes.
     *
     * @param name like that of a text, but ending with {@code -bin}
     * @throws IllegalArgumentException if it is illegal
     */
    public Builder add(String name, byte[] value) {
      checkName(name);
      if (!name.endsWith(BINARY)) {
        throw new IllegalArgumentException("a name for bytes must end with -bin: '" + name + "'");
      }
      entries.add(new Entry(name, requireNonNull(value, "value").clone()));
      return this;
    }

    /** Adds all entries of other metadata. */
    public Builder addAll(GrpcMetadata other) {
      entries.addAll(other.entries);
      return this;
    }

    private static void checkName(String name) {
      boolean legal =
          !name.isEmpty()
              && name.chars()
                  .allMatch(
                      c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || "_-.".indexOf(c) >= 0);
      if (!legal || isReserved(name)) {
        throw new IllegalArgumentException("not a name of metadata: '" + name + "'");
      }
    }

    /** Builds metadata of the entries added so far. */
    public GrpcMetadata build() {
      return entries.isEmpty() ? EMPTY : new GrpcMetadata(List.copyOf(entries));
    }
  }
}
