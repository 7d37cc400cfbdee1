package io.libprocess.stream.stage;

import io.libprocess.stream.Chunk;
import java.util.Collection;

/** What becomes of elements that nobody gets. May be used by any thread. */
public final class Elements {

  private Elements() {}

  /** Drops an element: if it is a chunk, gives back the memory that it holds. */
  public static void release(Object element) {
    if (element instanceof Chunk chunk) {
      chunk.release();
    }
  }

  /** Drops all elements of a collection, which is empty afterwards. */
  public static void releaseAll(Collection<?> elements) {
    for (Object element : elements) {
      release(element);
    }
    elements.clear();
  }

  /** Makes an element one that is to be dropped once more than before. */
  public static void retain(Object element) {
    if (element instanceof Chunk chunk) {
      chunk.retain();
    }
  }
}
