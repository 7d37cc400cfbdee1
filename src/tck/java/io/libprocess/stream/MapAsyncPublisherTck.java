package io.libprocess.stream;

import io.libprocess.future.Future;

/** Futures in their order. */
public class MapAsyncPublisherTck extends PublisherTck {

  @Override
  Stream<Integer> stream(long elements) {
    return count(elements).via(Transform.mapAsync(4, i -> Future.of(i)));
  }
}
