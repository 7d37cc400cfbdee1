package io.libprocess.stream.stage;

/**
 * What {@code stream.access} may do with the exported types, which are above this room and
 * therefore only objects here. {@code Stream} gives the door once, when its class is initialized.
 */
public interface Door {

  /** A stream of a source. */
  Object stream(Source<?> source);

  /** The source of a stream, which is used by that. */
  Source<?> source(Object stream);

  /** A transform of an operator. */
  Object transform(Operator<?, ?> operator);

  /** A sink. */
  Object sink(Drain<?, ?> drain);

  /** What a sink is made of. */
  Drain<?, ?> drain(Object sink);

  /** Gives the door. */
  static void give(Door door) {
    Held.door = door;
  }

  /** The door, once {@code Stream} is initialized. */
  static Door get() {
    return Held.door;
  }

  /** Where it is kept. */
  final class Held {
    private static volatile Door door;

    private Held() {}
  }
}
