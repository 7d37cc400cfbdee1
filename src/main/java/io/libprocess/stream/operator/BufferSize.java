package io.libprocess.stream.operator;

import java.util.function.ToLongFunction;

/**
 * The size of a buffer.
 *
 * @param capacity the weight it holds; a heavier element is held alone
 * @param elements the largest number of elements it holds
 * @param weigher the weight of an element; null if only the number counts
 */
public record BufferSize<T>(long capacity, int elements, ToLongFunction<? super T> weigher) {

  private static final int MOST_WEIGHED = 1024;

  /**
   * Makes a size in elements.
   *
   * @throws IllegalArgumentException if the size is out of range
   */
  public static <T> BufferSize<T> elements(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity < 1: " + capacity);
    }
    return new BufferSize<>(capacity, capacity, null);
  }

  /**
   * Makes a size in weight.
   *
   * @throws IllegalArgumentException if the size is out of range
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
