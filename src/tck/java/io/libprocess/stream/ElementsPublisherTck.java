package io.libprocess.stream;

/** Elements of an iterable. */
public class ElementsPublisherTck extends PublisherTck {

  @Override
  Stream<Integer> stream(long elements) {
    return count(elements);
  }
}
