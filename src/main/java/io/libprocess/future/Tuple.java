package io.libprocess.future;

/** Values of different types, as the result of {@link Futures#collect}. */
public sealed interface Tuple {

  /** Two values. */
  record Of2<A, B>(A first, B second) implements Tuple {}

  /** Three values. */
  record Of3<A, B, C>(A first, B second, C third) implements Tuple {}

  /** Four values. */
  record Of4<A, B, C, D>(A first, B second, C third, D fourth) implements Tuple {}

  /** Five values. */
  record Of5<A, B, C, D, E>(A first, B second, C third, D fourth, E fifth) implements Tuple {}
}
