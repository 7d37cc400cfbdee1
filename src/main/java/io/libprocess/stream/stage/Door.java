package io.libprocess.stream.stage;

/**
 * The access of {@code stream.access} to the exported types, which are above this package and
 * therefore only objects here. {@code Stream} registers it once, when its class is initialized.
 */
public interface Door {

  /** Makes a stream of a source. */
  Object stream(Source<?> source);

  /** The source of a stream, which is thereby used. */
  Source<?> source(Object stream);

  /** Makes a transform of an operator. */
  Object transform(Operator<?, ?> operator);

  /** Makes a sink of a drain. */
  Object sink(Drain<?, ?> drain);

  /** The drain of a sink. */
  Drain<?, ?> drain(Object sink);

  /** Registers the access. */
  static void give(Door door) {
    Held.door = door;
  }

  /** The access, once {@code Stream} is initialized. */
  static Door get() {
    return Held.door;
  }

  /** Holds the registered access. */
  final class Held {
    private static volatile Door door;

    private Held() {}
  }
}
