package io.libprocess.stream.stage;

/**
 * What makes the stage at which a pipeline ends. Immutable; the state is in the stage.
 *
 * @param <T> the type of the elements
 * @param <R> the type of the result
 */
@FunctionalInterface
public interface Drain<T, R> {

  /** Makes the stage for one run, whose result it has to give: see {@link SinkStage}. */
  Downstream<T> stage(Run<R> run);
}
