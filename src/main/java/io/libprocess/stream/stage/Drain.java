package io.libprocess.stream.stage;

/**
 * A factory of the stage at the end of a pipeline. Immutable; the state is in the stage.
 *
 * @param <T> the type of the elements
 * @param <R> the type of the result
 */
@FunctionalInterface
public interface Drain<T, R> {

  /** Makes the stage for one run, whose result it must provide: see {@link SinkStage}. */
  Downstream<T> stage(Run<R> run);
}
