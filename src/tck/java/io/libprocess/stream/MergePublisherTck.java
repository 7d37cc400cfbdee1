package io.libprocess.stream;

/** Two streams as one. */
public class MergePublisherTck extends PublisherTck {

  @Override
  Stream<Integer> stream(long elements) {
    return Stream.merge(count(elements / 2), count(elements - elements / 2));
  }
}
