package io.libprocess.stream.operator;

import java.util.function.ToLongFunction;

/**
 * How much a buffer holds.
 *
 * @param capacity the weight it holds; an element that is heavier is held alone
 * @param elements the number of elements it holds at most
 * @param weigher the weight of an element; null if the number is what counts
 */
public record BufferSize<T>(long capacity, int elements, ToLongFunction<? super T> weigher) {

  private static final int MOST_WEIGHED = 1024;

  /**
   * A number of elements.
   *
   * @throws IllegalArgumentException if there is no such buffer
   */
  public static <T> BufferSize<T> elements(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity < 1: " + capacity);
    }
    return new BufferSize<>(capacity, capacity, null);
  }

  /**
   * A weight.
   *
   * @throws IllegalArgumentException if there is no such buffer
   */
  public static <T> BufferSize<T> weight(long capacity, ToLongFunction<? super T> weigher) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity < 1: " + capacity);
    }
    return new BufferSize<>(capacity, (int) Math.min(MOST_WEIGHED, capacity), weigher);
  }

  long weightOf(T element) {
    long weight = weigher.applyAsLong(element);
    if (weight < 0) {
      throw new IllegalArgumentException("weight < 0: " + weight);
    }
    return weight;
  }
}
