package io.libprocess.stream.stage;

import io.libprocess.stream.Chunk;
import java.util.Collection;

/** Disposes of elements that have no receiver. May be used by any thread. */
public final class Elements {

  private Elements() {}

  /** Drops an element: if it is a chunk, releases it. */
  public static void release(Object element) {
    if (element instanceof Chunk chunk) {
      chunk.release();
    }
  }

  /** Drops an element, for whatever reason. */
  public static void release(Object element, Throwable why) {
    release(element);
  }

  /** Drops all elements of a collection, which is empty afterwards. */
  public static void releaseAll(Collection<?> elements) {
    for (Object element : elements) {
      release(element);
    }
    elements.clear();
  }

  /** Retains an element, so that it must be dropped once more. */
  public static void retain(Object element) {
    if (element instanceof Chunk chunk) {
      chunk.retain();
    }
  }
}
