package io.libprocess.http.access;

import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A registry of accessors ("doors") through which the packages of the HTTP engine perform
 * operations on exported types that are not for users, such as making a request of parts that a
 * parser has checked. An exported type registers its accessor when its class is initialized; an
 * engine package fetches it once and keeps it in a constant, so that a call through it costs no
 * more than a direct one. (The JDK does the same with its {@code SharedSecrets}.)
 *
 * <p>May be used by any thread. This package is below the exported types, so it knows them only as
 * type parameters.
 */
public final class Access {

  private static final Map<Class<?>, Object> DOORS = new ConcurrentHashMap<>();

  private Access() {}

  /** Registers the accessor of a type; called once, by that type. */
  public static void give(Class<?> type, Object door) {
    if (DOORS.putIfAbsent(type, door) != null) {
      throw new IllegalStateException("the door to " + type + " was given before");
    }
  }

  /**
   * Returns the accessor of a type.
   *
   * @param <D> the accessor's type, which is checked only by its first use
   * @throws IllegalStateException if the type has none
   */
  @SuppressWarnings("unchecked") // Each type registers one accessor, whose type its users know.
  public static <D> D to(Class<?> type) {
    Object door = DOORS.get(type);
    if (door == null) {
      initialize(type);
      door = DOORS.get(type);
    }
    if (door == null) {
      throw new IllegalStateException(type + " gives no door");
    }
    return (D) door;
  }

  private static void initialize(Class<?> type) {
    try {
      MethodHandles.lookup().ensureInitialized(type);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(type + " is not public", e);
    }
  }
}
