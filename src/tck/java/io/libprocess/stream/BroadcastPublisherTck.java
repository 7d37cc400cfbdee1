package io.libprocess.stream;

/** One of two streams of the same elements. */
public class BroadcastPublisherTck extends PublisherTck {

  @Override
  Stream<Integer> stream(long elements) {
    var both = count(elements).broadcast(2);
    return Stream.zip(both.get(0), both.get(1), (left, right) -> left);
  }
}
