package io.libprocess.stream.stage;

/**
 * A factory of a stage that transforms elements. Immutable; the state is in the stage.
 *
 * @param <A> the type of the elements that go in
 * @param <B> the type of the elements that come out
 */
@FunctionalInterface
public interface Operator<A, B> {

  /** Makes the stage for one run, which signals {@code down} and receives signals itself. */
  Downstream<A> stage(Run<?> run, Downstream<? super B> down);
}
