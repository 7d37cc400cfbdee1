package io.libprocess.internal;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A thread-safe set whose elements are listed in the order in which they were added. Elements that
 * are hashed by identity would otherwise be listed in a different order in each run.
 *
 * <p>Each element is mapped to its number; listing sorts by that, because it is rare.
 *
 * @param <T> the elements
 */
public final class OrderedSet<T> {

  private final Map<T, Long> numbers = new ConcurrentHashMap<>();
  private final AtomicLong next = new AtomicLong();

  /** Adds an element after the others, unless it is in the set. */
  public void add(T element) {
    numbers.putIfAbsent(element, next.getAndIncrement());
  }

  /** Removes an element; does nothing if it is not in the set. */
  public void remove(T element) {
    numbers.remove(element);
  }

  /** The current elements, oldest first. */
  public List<T> list() {
    return numbers.isEmpty()
        ? List.of()
        : numbers.entrySet().stream()
            .sorted(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .toList();
  }
}
