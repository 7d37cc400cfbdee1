package io.libprocess.e2e;

import io.libprocess.future.Future;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.HttpClient;
import io.libprocess.http.HttpListener;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import io.libprocess.net.Address;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.FileMode;
import io.libprocess.stream.Sink;
import io.libprocess.stream.Stream;
import io.libprocess.stream.Transform;
import io.libprocess.stream.bytes.ChunkPool;
import io.libprocess.sync.RateLimiter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Downloads more than the heap could hold, compresses it, and writes it to a file that is slow, run
 * by hand with a small heap. It prints how far the server is ahead of the file, which is the
 * content of the sockets and buffers between them, and ends with 1 if that grows or the bytes
 * differ from those sent.
 *
 * <pre>{@code
 * java -Xmx64m -cp target/classes:target/test-classes io.libprocess.e2e.SlowDownload 4096 100
 * }</pre>
 *
 * <p>The arguments are the size in MiB and the rate of the file in MiB a second.
 */
final class SlowDownload {

  private static final int MEBIBYTE = 1 << 20;
  private static final int PIECE = 64 << 10;
  private static final long MOST_AHEAD = 32L * MEBIBYTE;
  private static final int LOOK_MILLIS = 1000;

  private final long size;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong taken = new AtomicLong();
  private long mostAhead;

  private SlowDownload(long size) {
    this.size = size;
  }

  /** Pieces whose bytes identify their number, half of them hard to compress. */
  private Stream<Chunk> source() {
    return Stream.iterate(0L, i -> i + 1)
        .via(Transform.take(size / PIECE))
        .map(
            number -> {
              ChunkPool.Borrowed borrowed = ChunkPool.shared().borrow();
              long value = number;
              while (borrowed.buffer().hasRemaining()) {
                value = value * 6364136223846793005L + 1442695040888963407L;
                borrowed.buffer().putLong(value).putLong(number);
              }
              sent.addAndGet(PIECE);
              return borrowed.chunk();
            });
  }

  private static Future<Chunk> digest(Stream<Chunk> stream) {
    Chunk[] digest = new Chunk[1];
    return stream
        .via(Transform.digest("MD5", told -> digest[0] = told))
        .to(Sink.forEach(Chunk::release))
        .map(done -> digest[0]);
  }

  private void look(Future<?> until) {
    while (!until.await(Duration.ofMillis(LOOK_MILLIS))) {
      long ahead = sent.get() - taken.get();
      mostAhead = Math.max(mostAhead, ahead);
      Runtime runtime = Runtime.getRuntime();
      System.out.printf(
          "%d MiB sent, %d KiB ahead of the file, %d MiB of heap in use, %d chunks%n",
          sent.get() / MEBIBYTE,
          ahead >> 10,
          (runtime.totalMemory() - runtime.freeMemory()) / MEBIBYTE,
          ChunkPool.shared().open());
    }
  }

  private boolean run(int rate) throws Exception {
    Path file = Files.createTempFile("download", ".gz");
    try (HttpListener server =
            HttpListener.start(
                Address.loopback(0),
                request -> Future.of(Response.stream(source(), "application/octet-stream")));
        HttpClient client = HttpClient.start(ClientSettings.defaults())) {
      int port = server.address().inet().orElseThrow().port();
      Chunk[] digest = new Chunk[1];
      long start = System.nanoTime();
      Future<Long> written =
          client
              .download(Url.parse("http://127.0.0.1:" + port + "/"))
              .via(Transform.digest("MD5", told -> digest[0] = told))
              .via(Transform.rechunk(PIECE))
              .via(
                  Transform.throttle(
                      new RateLimiter(rate * (MEBIBYTE / PIECE), Duration.ofSeconds(1))))
              .via(Transform.tap(chunk -> taken.addAndGet(chunk.size())))
              .via(Transform.gzip(1))
              .to(Sink.file(file, FileMode.ATOMIC));
      look(written);
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          "%d MiB became %d MiB in %.1f s; at most %d KiB ahead%n",
          taken.get() / MEBIBYTE, written.get() / MEBIBYTE, seconds, mostAhead >> 10);
      Future<Chunk> made = digest(source());
      made.await();
      Future<Chunk> read = digest(Stream.file(file).via(Transform.gunzip(size)));
      read.await();
      System.out.println(digest[0] + " " + made.get() + " " + read.get());
      return digest[0].equals(made.get())
          && digest[0].equals(read.get())
          && mostAhead < MOST_AHEAD
          && ChunkPool.shared().open() == 0;
    } finally {
      Files.delete(file);
    }
  }

  public static void main(String[] args) throws Exception {
    boolean good =
        new SlowDownload(Long.parseLong(args[0]) * MEBIBYTE).run(Integer.parseInt(args[1]));
    System.out.println(good ? "good" : "BAD");
    System.exit(good ? 0 : 1);
  }
}
