package io.libprocess.stream;

/** Bytes that were compressed, as many blocks as elements. */
public class GunzipPublisherTck extends PublisherTck {

  private static final int BLOCK = 512;

  @Override
  Stream<Integer> stream(long elements) {
    return count(elements)
        .map(i -> Chunk.of(new byte[BLOCK]))
        .via(Transform.gzip())
        .via(Transform.gunzip(Long.MAX_VALUE))
        .via(Transform.rechunk(BLOCK))
        .map(GunzipPublisherTck::size);
  }

  private static int size(Chunk chunk) {
    int size = chunk.size();
    chunk.release();
    return size;
  }
}
