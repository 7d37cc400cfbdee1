package io.libprocess.stream;

/** The reader of a pipe. */
public class PipePublisherTck extends PublisherTck {

  @Override
  Stream<Integer> stream(long elements) {
    return count(elements).reader().stream();
  }
}
