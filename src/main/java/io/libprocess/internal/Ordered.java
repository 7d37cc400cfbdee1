package io.libprocess.internal;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Immutable copies of collections that keep their order. Those of {@link Map#copyOf} and {@link
 * Set#copyOf} have a different order in each JVM, so a run that depends on them could not be
 * repeated. Thread-safe.
 */
public final class Ordered {

  private Ordered() {}

  /**
   * A copy in the order of the original.
   *
   * @throws NullPointerException if a key or a value is null
   */
  public static <K, V> Map<K, V> copyOf(Map<? extends K, ? extends V> original) {
    Map<K, V> copy = new LinkedHashMap<>();
    original.forEach((key, value) -> copy.put(requireNonNull(key), requireNonNull(value)));
    return Collections.unmodifiableMap(copy);
  }

  /**
   * A copy in the order of the original, without repetitions.
   *
   * @throws NullPointerException if an element is null
   */
  public static <T> Set<T> copyOf(Collection<? extends T> original) {
    Set<T> copy = new LinkedHashSet<>();
    original.forEach(element -> copy.add(requireNonNull(element)));
    return Collections.unmodifiableSet(copy);
  }
}
