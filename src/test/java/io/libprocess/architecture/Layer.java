package io.libprocess.architecture;

import java.util.Set;

/**
 * A package of the library, or some classes of one. Nested classes belong to the layer of their
 * outer class.
 *
 * @param name the package, relative to that of the library, with a word behind it if the package
 *     holds two layers
 * @param room the package, relative to that of the library: empty for the root
 * @param classes the simple names of those that it holds, empty for all that no other layer of the
 *     package lists
 * @param exported whether users of the module see the package
 */
record Layer(String name, String room, Set<String> classes, boolean exported) {

  /** A package that users see. */
  static Layer exported(String room) {
    return new Layer(room.isEmpty() ? "root" : room, room, Set.of(), true);
  }

  /** A package that the module hides. */
  static Layer hidden(String room) {
    return new Layer(room, room, Set.of(), false);
  }

  /**
   * Some classes of an exported package that are above the others, with engine packages in between.
   */
  static Layer facade(String room, String... classes) {
    return new Layer((room.isEmpty() ? "root" : room) + " facade", room, Set.of(classes), true);
  }

  String packageIn(String base) {
    return room.isEmpty() ? base : base + "." + room;
  }
}
