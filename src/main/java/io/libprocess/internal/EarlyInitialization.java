package io.libprocess.internal;

import java.util.List;

/**
 * Initializes classes before they are needed. A class whose static initializer throws once, because
 * the memory or the descriptors have run out just then, cannot be used any more in this JVM.
 */
public final class EarlyInitialization {

  private EarlyInitialization() {}

  /**
   * Initializes classes of the library. Any thread may call, and again.
   *
   * @param room the package that the names are below
   * @param names as {@link Class#forName(String)} takes them, without the room
   * @throws IllegalArgumentException if there is no such class
   */
  public static void of(String room, List<String> names) {
    for (String name : names) {
      try {
        Class.forName(room + "." + name, true, EarlyInitialization.class.getClassLoader());
      } catch (ClassNotFoundException e) {
        throw new IllegalArgumentException("no such class: " + room + "." + name, e);
      }
    }
  }
}
