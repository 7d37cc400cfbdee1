package io.libprocess.http.access;

import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The doors through which the engine rooms of HTTP do with exported types what users may not, such
 * as making a request of parts that a parser has checked. An exported type gives its door when its
 * class is initialized; an engine room takes it once and keeps it in a constant, so that a call
 * through it costs what a direct one does. (The JDK does the same with its {@code SharedSecrets}.)
 *
 * <p>May be used by any thread. This room is below the exported types, so it knows them as type
 * parameters only.
 */
public final class Access {

  private static final Map<Class<?>, Object> DOORS = new ConcurrentHashMap<>();

  private Access() {}

  /** Gives the door to a type; called once, by that type. */
  public static void give(Class<?> type, Object door) {
    if (DOORS.putIfAbsent(type, door) != null) {
      throw new IllegalStateException("the door to " + type + " was given before");
    }
  }

  /**
   * The door to a type.
   *
   * @param <D> the door that the type gives; nothing but its first use checks that
   * @throws IllegalStateException if it gives none
   */
  @SuppressWarnings("unchecked") // Each type gives one door, whose type its users know.
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
