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
   * @throws IllegalArgumentException if there is no such class, unless its name is a number
   */
  public static void of(String room, List<String> names) {
    for (String name : names) {
      try {
        Class.forName(room + "." + name, true, EarlyInitialization.class.getClassLoader());
      } catch (ClassNotFoundException e) {
        if (!isOfTheCompiler(name)) {
          throw new IllegalArgumentException("no such class: " + room + "." + name, e);
        }
      }
    }
  }

  /** Compilers differ in the nameless classes that they make, for switches for example. */
  private static boolean isOfTheCompiler(String name) {
    return Character.isDigit(name.charAt(name.length() - 1));
  }
}
