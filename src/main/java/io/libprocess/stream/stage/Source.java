package io.libprocess.stream.stage;

/**
 * A description of the origin of elements. A stream is started at most once; a source may be
 * started several times if it says so.
 *
 * @param <T> the type of the elements
 */
@FunctionalInterface
public interface Source<T> {

  /**
   * Makes the source for one run and calls {@link Downstream#begin}, before it returns. Nothing is
   * produced, opened or connected before the first request.
   */
  void start(Run<?> run, Downstream<? super T> down);
}
