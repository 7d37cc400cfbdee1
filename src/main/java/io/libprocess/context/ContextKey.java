package io.libprocess.context;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Names a value of a {@link Context} and says of what type it is. Keys are compared by identity, so
 * each is made once and kept in a constant.
 *
 * @param <T> the type of the values
 */
public final class ContextKey<T> {

  private static final Map<String, ContextKey<?>> BROADCAST = new ConcurrentHashMap<>();

  private final String name;
  private final ContextCodec<T> codec; // Null if the value stays in this process of the system.

  private ContextKey(String name, ContextCodec<T> codec) {
    this.name = requireNonNull(name, "name");
    this.codec = codec;
  }

  /**
   * Makes a key whose values stay in this process of the system.
   *
   * @param name for people
   */
  public static <T> ContextKey<T> local(String name) {
    return new ContextKey<>(name, null);
  }

  /**
   * Makes a key whose values go with HTTP requests and messages to other processes of the system,
   * in the header field {@code Finagle-Ctx-<id>}. They are only read by a process that has made the
   * key.
   *
   * @param id what names the value everywhere; letters, digits, dots, hyphens and underscores,
   *     compared without regard to case
   * @throws IllegalArgumentException if the id has another character or is empty
   * @throws IllegalStateException if there is a key with that id
   */
  public static <T> ContextKey<T> broadcast(String id, ContextCodec<T> codec) {
    ContextKey<T> key = new ContextKey<>(checked(id), requireNonNull(codec, "codec"));
    if (BROADCAST.putIfAbsent(id.toLowerCase(Locale.ROOT), key) != null) {
      throw new IllegalStateException("there is a broadcast key with the id '" + id + "' already");
    }
    return key;
  }

  private static String checked(String id) {
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      boolean allowed =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || c == '.'
              || c == '-'
              || c == '_';
      if (!allowed) {
        throw new IllegalArgumentException(
            "the id of a broadcast key has other characters than letters, digits, '.', '-' and '_':"
                + (" '" + id + "'"));
      }
    }
    if (id.isEmpty()) {
      throw new IllegalArgumentException("the id of a broadcast key is empty");
    }
    return id;
  }

  /** The broadcast key with an id, whatever the case of its letters. */
  public static Optional<ContextKey<?>> broadcast(String id) {
    return Optional.ofNullable(BROADCAST.get(id.toLowerCase(Locale.ROOT)));
  }

  /** The id, or what names it for people. */
  public String name() {
    return name;
  }

  /** How values go to other processes of the system; empty if they stay here. */
  public Optional<ContextCodec<T>> codec() {
    return Optional.ofNullable(codec);
  }

  /** The value in the current context. */
  public Optional<T> current() {
    return Context.current().get(this);
  }

  /** The name, for people. */
  @Override
  public String toString() {
    return name;
  }
}
