package io.libprocess.stream;

/** A stream behind another one. */
public class ConcatPublisherTck extends PublisherTck {

  @Override
  Stream<Integer> stream(long elements) {
    return Stream.concat(count(elements / 2), count(elements - elements / 2));
  }
}
