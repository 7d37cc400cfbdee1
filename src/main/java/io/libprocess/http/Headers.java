package io.libprocess.http;

import static java.util.Objects.requireNonNull;

import io.libprocess.http.access.Access;
import io.libprocess.http.access.HeadersAccess;
import io.libprocess.http.grammar.Ascii;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Header fields: names with values, in the order in which they were added or arrived. Names are
 * compared without regard to case and keep their spelling; a name may occur more than once.
 * Immutable. (libprocess keeps one value for each name.)
 *
 * <p>A name is a token of RFC 9110, and a value is a line of ISO 8859-1 characters without control
 * characters other than tabs; blanks around it are dropped. A field that breaks these rules is
 * refused with an {@link IllegalArgumentException} that gives the name but not the value, which may
 * be secret.
 */
public final class Headers implements Iterable<Headers.Field> {

  private static final Headers EMPTY = new Headers(new String[0], 0, Set.of());

  static {
    HeadersAccess<Headers> door =
        (fields, size, sensitive) ->
            new Headers(
                fields,
                size,
                sensitive.isEmpty() ? Set.of() : Collections.unmodifiableSet(sensitive));
    Access.give(Headers.class, door);
  }

  /** The fields whose values are not shown in texts for people. */
  private static final List<String> SECRETS =
      List.of("Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie");

  // A name, its value, the next name and so on; entries from `size` on are unused.
  private final String[] fields;
  private final int size;

  private final Set<String> sensitive; // Names in lower case.

  /** Makes headers of fields that are known to be legal; the array is owned from now on. */
  private Headers(String[] fields, int size, Set<String> sensitive) {
    this.fields = fields;
    this.size = size;
    this.sensitive = sensitive;
  }

  /** A name with a value. */
  public record Field(String name, String value) {

    /**
     * Checks both.
     *
     * @throws IllegalArgumentException if the name or the value is illegal
     */
    public Field {
      checkName(name);
      value = checkValue(name, value);
    }

    /** The line of a message, with the value of a secret field hidden. */
    @Override
    public String toString() {
      return name + ": " + (isSecret(name) ? "<hidden>" : value);
    }
  }

  /** Headers without fields. */
  public static Headers empty() {
    return EMPTY;
  }

  /**
   * Headers given as a name, its value, the next name and so on.
   *
   * @throws IllegalArgumentException if a name or value is illegal, or the last value is missing
   */
  public static Headers of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException(
          "no value for the last of " + namesAndValues.length + " names and values");
    }
    Builder builder = builder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      builder.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return builder.build();
  }

  /** Makes a builder, for many fields. */
  public static Builder builder() {
    return new Builder(new String[8], 0, Set.of());
  }

  /** Makes a builder that holds these fields. */
  public Builder toBuilder() {
    return new Builder(Arrays.copyOf(fields, size + 4), size, sensitive);
  }

  /** How many fields there are. */
  public int size() {
    return size / 2;
  }

  /** Whether there are no fields. */
  public boolean isEmpty() {
    return size == 0;
  }

  /** Whether there is a field of a name. */
  public boolean contains(String name) {
    return indexOf(name, 0) >= 0;
  }

  /** The value of the first field of a name. */
  public Optional<String> first(String name) {
    return Optional.ofNullable(find(name));
  }

  /** The value of the first field of a name, or another text if there is none. */
  public String first(String name, String otherwise) {
    String value = find(name);
    return value != null ? value : requireNonNull(otherwise, "otherwise");
  }

  /**
   * The name of a field.
   *
   * @throws IndexOutOfBoundsException if the index is not in 0..size-1
   */
  public String name(int index) {
    return fields[2 * Objects.checkIndex(index, size())];
  }

  /**
   * The value of a field.
   *
   * @throws IndexOutOfBoundsException if the index is not in 0..size-1
   */
  public String value(int index) {
    return fields[2 * Objects.checkIndex(index, size()) + 1];
  }

  /**
   * Whether the fields of a name were marked as {@linkplain Builder#sensitive sensitive}, or came
   * so by HTTP/2.
   */
  public boolean isSensitive(String name) {
    return !sensitive.isEmpty() && sensitive.contains(name.toLowerCase(Locale.ROOT));
  }

  /** The values of all fields of a name, in order. */
  public List<String> all(String name) {
    List<String> values = new ArrayList<>();
    for (int i = indexOf(name, 0); i >= 0; i = indexOf(name, i + 2)) {
      values.add(fields[i + 1]);
    }
    return values;
  }

  /** The values of all fields of a name, joined with a comma and a blank; empty if none. */
  public Optional<String> joined(String name) {
    List<String> values = all(name);
    return values.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", values));
  }

  /** A copy with one field of a name, which takes the place of the first one or comes last. */
  public Headers with(String name, String value) {
    return toBuilder().set(name, value).build();
  }

  /** A copy with one more field. */
  public Headers adding(String name, String value) {
    return toBuilder().add(name, value).build();
  }

  /** A copy without the fields of a name. */
  public Headers without(String name) {
    return contains(name) ? toBuilder().remove(name).build() : this;
  }

  /** The fields in order. */
  @Override
  public Iterator<Field> iterator() {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < size;
      }

      @Override
      public Field next() {
        if (next >= size) {
          throw new NoSuchElementException();
        }
        next += 2;
        return new Field(fields[next - 2], fields[next - 1]);
      }
    };
  }

  /** The value of the first field of a name, or null. */
  private String find(String name) {
    int i = indexOf(name, 0);
    return i < 0 ? null : fields[i + 1];
  }

  private int indexOf(String name, int from) {
    return indexOf(fields, size, requireNonNull(name, "name"), from);
  }

  private static int indexOf(String[] fields, int size, String name, int from) {
    for (int i = from; i < size; i += 2) {
      if (fields[i].equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1;
  }

  static boolean isSecret(String name) {
    return SECRETS.stream().anyMatch(name::equalsIgnoreCase);
  }

  private static void checkName(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (!Ascii.isToken(name.charAt(i))) {
        throw new IllegalArgumentException(
            "illegal character "
                + Integer.toHexString(name.charAt(i))
                + " (hexadecimal) in the name of a header: "
                + name.replaceAll("\\p{Cntrl}", "?"));
      }
    }
    if (name.isEmpty()) {
      throw new IllegalArgumentException("the name of a header is empty");
    }
  }

  private static String checkValue(String name, String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' && c != '\t' || c == 0x7F || c > 0xFF) {
        throw new IllegalArgumentException(
            "illegal character "
                + Integer.toHexString(c)
                + " (hexadecimal) in the value of the header "
                + name);
      }
    }
    int from = 0;
    int to = value.length();
    while (from < to && isBlank(value.charAt(from))) {
      from++;
    }
    while (from < to && isBlank(value.charAt(to - 1))) {
      to--;
    }
    return value.substring(from, to);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /* ------ Values ------ */

  /**
   * Whether the other headers have the same fields in the same order, names compared without case.
   */
  @Override
  public boolean equals(Object other) {
    if (!(other instanceof Headers headers) || headers.size != size) {
      return false;
    }
    for (int i = 0; i < size; i += 2) {
      if (!fields[i].equalsIgnoreCase(headers.fields[i])
          || !fields[i + 1].equals(headers.fields[i + 1])) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = 0; i < size; i += 2) {
      hash = 31 * hash + fields[i].toLowerCase(Locale.ROOT).hashCode();
      hash = 31 * hash + fields[i + 1].hashCode();
    }
    return hash;
  }

  /** The fields for people; the values of secret ones, such as Authorization, are hidden. */
  @Override
  public String toString() {
    List<String> lines = new ArrayList<>();
    forEach(
        field ->
            lines.add(isSensitive(field.name()) ? field.name() + ": <hidden>" : field.toString()));
    return lines.toString();
  }

  /** Collects fields. Not thread-safe. */
  public static final class Builder {

    private String[] fields;
    private int size;
    private Set<String> sensitive; // Not changed, but replaced.

    private Builder(String[] fields, int size, Set<String> sensitive) {
      this.fields = fields;
      this.size = size;
      this.sensitive = sensitive;
    }

    /**
     * Adds a field after the others.
     *
     * @throws IllegalArgumentException if the name or the value is illegal
     */
    public Builder add(String name, String value) {
      checkName(requireNonNull(name, "name"));
      String checked = checkValue(name, requireNonNull(value, "value"));
      if (size == fields.length) {
        fields = Arrays.copyOf(fields, Math.max(8, 2 * size));
      }
      fields[size] = name;
      fields[size + 1] = checked;
      size += 2;
      return this;
    }

    /**
     * Replaces the first field of a name and removes the others of that name; adds one if there is
     * none.
     *
     * @throws IllegalArgumentException if the name or the value is illegal
     */
    public Builder set(String name, String value) {
      int first = indexOf(fields, size, requireNonNull(name, "name"), 0);
      if (first < 0) {
        return add(name, value);
      }
      fields[first + 1] = checkValue(name, requireNonNull(value, "value"));
      return removeFrom(first + 2, name);
    }

    /**
     * Marks the fields of a name as secret: they are not shown in texts for people, and HTTP/2 does
     * not keep them in the table of any hop, so that nobody can guess them by the size of messages.
     * {@code Authorization} and short cookies are treated so in any case.
     *
     * @throws IllegalArgumentException if the name is illegal
     */
    public Builder sensitive(String name) {
      checkName(requireNonNull(name, "name"));
      Set<String> more = new LinkedHashSet<>(sensitive);
      more.add(name.toLowerCase(Locale.ROOT));
      sensitive = Collections.unmodifiableSet(more);
      return this;
    }

    /** Removes the fields of a name. */
    public Builder remove(String name) {
      return removeFrom(0, requireNonNull(name, "name"));
    }

    private Builder removeFrom(int start, String name) {
      int kept = start;
      for (int i = start; i < size; i += 2) {
        if (!fields[i].equalsIgnoreCase(name)) {
          fields[kept] = fields[i];
          fields[kept + 1] = fields[i + 1];
          kept += 2;
        }
      }
      size = kept;
      return this;
    }

    /** Builds headers of the fields collected so far; more may be added for the next. */
    public Headers build() {
      return size == 0 ? EMPTY : new Headers(Arrays.copyOf(fields, size), size, sensitive);
    }
  }
}
