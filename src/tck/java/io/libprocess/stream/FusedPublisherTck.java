package io.libprocess.stream;

/** Fused stages. */
public class FusedPublisherTck extends PublisherTck {

  @Override
  Stream<Integer> stream(long elements) {
    return count(elements > Long.MAX_VALUE / 2 ? elements : elements * 2)
        .filter(i -> i % 2 == 0)
        .map(i -> i / 2);
  }
}
