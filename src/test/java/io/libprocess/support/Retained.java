package io.libprocess.support;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * Counts what an object holds, without looking at the heap: the objects of this project that can be
 * reached from it, and the lengths of arrays, texts, collections and maps on the way. Other objects
 * count as one, and what they hold is not seen. The number depends on no machine; it is for
 * comparison with an earlier one. For objects that no other thread changes meanwhile.
 */
public final class Retained {

  private static final String PROJECT = "io.libprocess.";

  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<Object> open = new ArrayDeque<>();
  private final Predicate<Object> leftOut;
  private long count;

  private Retained(Predicate<Object> leftOut) {
    this.leftOut = leftOut;
  }

  /**
   * What an object holds.
   *
   * @param leftOut what is not counted, with all that it holds
   */
  public static long by(Object root, Predicate<Object> leftOut) {
    Retained retained = new Retained(leftOut);
    retained.add(root);
    while (!retained.open.isEmpty()) {
      retained.visit(retained.open.poll());
    }
    return retained.count;
  }

  private void add(Object object) {
    if (object != null && !leftOut.test(object) && seen.add(object)) {
      open.add(object);
    }
  }

  private void visit(Object object) {
    count++;
    if (object instanceof CharSequence text) {
      count += text.length();
    } else if (object.getClass().isArray()) {
      count += Array.getLength(object);
      if (object instanceof Object[] elements) {
        for (Object element : elements) {
          add(element);
        }
      }
    } else if (object instanceof Collection<?> elements) {
      count += elements.size();
      elements.forEach(this::add);
    } else if (object instanceof Map<?, ?> map) {
      count += map.size();
      map.forEach(
          (key, value) -> {
            add(key);
            add(value);
          });
    } else if (object instanceof AtomicReference<?> reference) {
      add(reference.get());
    } else if (object.getClass().getName().startsWith(PROJECT)) {
      fields(object);
    }
  }

  private void fields(Object object) {
    for (Class<?> type = object.getClass();
        type != null && type.getName().startsWith(PROJECT);
        type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
          field.setAccessible(true);
          try {
            add(field.get(object));
          } catch (IllegalAccessException e) {
            throw new AssertionError(e);
          }
        }
      }
    }
  }
}
