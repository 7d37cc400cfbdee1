package io.libprocess.benchmarks;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.future.Future;
import io.libprocess.http.Url;
import io.libprocess.net.Address;
import io.libprocess.net.ServerSocket;
import io.libprocess.net.Socket;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.FileMode;
import io.libprocess.stream.Sink;
import io.libprocess.stream.Stream;
import io.libprocess.stream.Transform;
import io.vertx.core.Vertx;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.Compression;
import org.apache.pekko.stream.javadsl.FileIO;
import org.apache.pekko.stream.javadsl.Tcp;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Milliseconds for moving bytes: a file of 32 MiB through gzip into a file, the same without gzip,
 * 256 MiB from a socket to a socket, and a download of 1 GiB. The other end of each connection is a
 * plain thread, the same for all.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms512m", "-Xmx512m"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class BytesBenchmark {

  private static final int FILE = 32 << 20;
  private static final long RELAYED = 256L << 20;
  private static final long DOWNLOADED = 1L << 30;
  private static final int LEVEL = Deflater.DEFAULT_COMPRESSION;
  private static final int PEKKO_LEVEL = 6; // Which is the default, but must be said there.
  private static final int BLOCK = 64 << 10;
  private static final byte[] ZEROS = new byte[BLOCK];

  private Path input;
  private Path output;
  private Node node;
  private Vertx vertx;
  private NetClient vertxClient; // Would be closed if it became unreachable.
  private ActorSystem pekko;
  private java.net.ServerSocket origin; // Serves DOWNLOADED bytes to whoever asks.

  /** Makes the file, and starts all contenders. */
  @Setup
  public void start() throws Exception {
    input = Files.createTempFile("input", ".bin");
    output = Files.createTempFile("output", ".bin");
    byte[] bytes = new byte[FILE];
    Random random = new Random(1);
    for (int i = 0; i < FILE; i++) {
      bytes[i] = (byte) (random.nextInt() & random.nextInt() & 31); // Compresses to about a third.
    }
    Files.write(input, bytes);
    node = Node.start(Config.builder().ip("127.0.0.1").port(0).build());
    vertx = Vertx.vertx();
    vertxClient = vertx.createNetClient();
    pekko = ActorSystem.create();
    origin = new java.net.ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    thread(this::serve);
  }

  /** Ends them. */
  @TearDown
  public void stop() throws Exception {
    node.close();
    vertx.close().toCompletionStage().toCompletableFuture().get();
    pekko.terminate();
    pekko.getWhenTerminated().toCompletableFuture().get();
    origin.close();
    Files.delete(input);
    Files.delete(output);
  }

  private interface Work {
    void run() throws Exception;
  }

  private static void thread(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (Exception e) {
                if (!(e instanceof IOException)) {
                  throw new IllegalStateException(e);
                }
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private static <T> T result(Future<T> future) throws Exception {
    return future.toCompletableFuture().get();
  }

  private static <T> T result(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get();
  }

  private static <T> T result(io.vertx.core.Future<T> future) throws Exception {
    return result(future.toCompletionStage());
  }

  /* ------ File to file ------ */

  /** Through gzip, with this library. */
  @Benchmark
  public Object gzipFile_libprocess() throws Exception {
    return result(
        Stream.file(input).via(Transform.gzip(LEVEL)).to(Sink.file(output, FileMode.CREATE)));
  }

  /** Through gzip, with Pekko. */
  @Benchmark
  public Object gzipFile_pekko() throws Exception {
    return result(
        FileIO.fromPath(input, BLOCK)
            .via(Compression.gzip(PEKKO_LEVEL))
            .runWith(FileIO.toPath(output), pekko));
  }

  /** Through gzip, with a loop. */
  @Benchmark
  public Object gzipFile_loop() throws Exception {
    try (InputStream in = Files.newInputStream(input);
        OutputStream out =
            new GZIPOutputStream(
                new BufferedOutputStream(Files.newOutputStream(output), BLOCK), BLOCK)) {
      return in.transferTo(out);
    }
  }

  /** With this library. */
  @Benchmark
  public Object file_libprocess() throws Exception {
    return result(Stream.file(input).to(Sink.file(output, FileMode.CREATE)));
  }

  /** With Pekko. */
  @Benchmark
  public Object file_pekko() throws Exception {
    return result(FileIO.fromPath(input, BLOCK).runWith(FileIO.toPath(output), pekko));
  }

  /** With Vert.x. */
  @Benchmark
  public Object file_vertx() throws Exception {
    AsyncFile in = result(vertx.fileSystem().open(input.toString(), new OpenOptions()));
    AsyncFile out =
        result(
            vertx
                .fileSystem()
                .open(output.toString(), new OpenOptions().setTruncateExisting(true)));
    return result(in.setReadBufferSize(BLOCK).pipeTo(out));
  }

  /** With a loop. */
  @Benchmark
  public Object file_loop() throws Exception {
    try (InputStream in = Files.newInputStream(input);
        OutputStream out = Files.newOutputStream(output)) {
      return in.transferTo(out);
    }
  }

  /* ------ Socket to socket ------ */

  /** With this library. */
  @Benchmark
  public void sockets_libprocess() throws Exception {
    try (java.net.ServerSocket target = listen();
        ServerSocket relay = ServerSocket.listen(node.transport(), loopback(0), 1)) {
      CountDownLatch drained = drain(target);
      Future<Socket> accepted = relay.accept();
      fill(((Address) relay.address()).port());
      Socket out = result(Socket.connect(node.transport(), loopback(target.getLocalPort())));
      Socket in = result(accepted);
      result(in.stream().to(out.sink()));
      drained.await();
      in.close();
      out.close();
    }
  }

  /** With Vert.x. */
  @Benchmark
  public void sockets_vertx() throws Exception {
    try (java.net.ServerSocket target = listen()) {
      CountDownLatch drained = drain(target);
      CompletableFuture<Void> relayed = new CompletableFuture<>();
      NetServer relay = vertx.createNetServer();
      relay.connectHandler(
          in -> {
            in.pause();
            vertxClient
                .connect(target.getLocalPort(), "127.0.0.1")
                .compose(in::pipeTo)
                .onComplete(done -> relayed.complete(null));
          });
      fill(result(relay.listen(0, "127.0.0.1")).actualPort());
      relayed.get();
      drained.await();
      result(relay.close());
    }
  }

  /** With Pekko. */
  @Benchmark
  public void sockets_pekko() throws Exception {
    try (java.net.ServerSocket target = listen()) {
      CountDownLatch drained = drain(target);
      Tcp tcp = Tcp.get(pekko);
      Tcp.ServerBinding relay =
          result(
              tcp.bind("127.0.0.1", 0)
                  .to(
                      org.apache.pekko.stream.javadsl.Sink.foreach(
                          in ->
                              in.handleWith(
                                  tcp.outgoingConnection("127.0.0.1", target.getLocalPort()),
                                  pekko)))
                  .run(pekko));
      fill(relay.localAddress().getPort());
      drained.await();
      result(relay.unbind());
    }
  }

  /** With a thread that blocks. */
  @Benchmark
  public void sockets_loop() throws Exception {
    try (java.net.ServerSocket target = listen();
        java.net.ServerSocket relay = listen()) {
      CountDownLatch drained = drain(target);
      fill(relay.getLocalPort());
      try (java.net.Socket in = relay.accept();
          java.net.Socket out =
              new java.net.Socket(InetAddress.getLoopbackAddress(), target.getLocalPort())) {
        in.getInputStream().transferTo(out.getOutputStream());
      }
      drained.await();
    }
  }

  private static java.net.ServerSocket listen() throws IOException {
    return new java.net.ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  private static Address loopback(int port) {
    return new Address(InetAddress.getLoopbackAddress(), port);
  }

  /** Writes to whoever listens. */
  private static void fill(int port) {
    thread(
        () -> {
          try (java.net.Socket to = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
            zeros(to.getOutputStream(), RELAYED);
          }
        });
  }

  private static void zeros(OutputStream to, long count) throws IOException {
    for (long left = count; left > 0; left -= BLOCK) {
      to.write(ZEROS);
    }
  }

  /** Reads what the next one to connect writes. */
  private static CountDownLatch drain(java.net.ServerSocket target) {
    CountDownLatch drained = new CountDownLatch(1);
    thread(
        () -> {
          byte[] buffer = new byte[BLOCK];
          long sum = 0;
          try (java.net.Socket from = target.accept()) {
            InputStream in = from.getInputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
              sum += n;
            }
          }
          if (sum == RELAYED) { // Otherwise the benchmark hangs, and is seen.
            drained.countDown();
          }
        });
    return drained;
  }

  /* ------ Download ------ */

  /** With this library. */
  @Benchmark
  public void download_libprocess() throws Exception {
    long[] sum = new long[1];
    result(
        node.http()
            .download(Url.parse("http://127.0.0.1:" + origin.getLocalPort() + "/"))
            .to(Sink.forEach(chunk -> count(sum, chunk))));
    check(sum[0]);
  }

  private static void count(long[] sum, Chunk chunk) {
    sum[0] += chunk.size();
    chunk.release();
  }

  /** With Vert.x. */
  @Benchmark
  public void download_vertx() throws Exception {
    long[] sum = new long[1];
    var client = vertx.createHttpClient();
    result(
        client
            .request(HttpMethod.GET, origin.getLocalPort(), "127.0.0.1", "/")
            .compose(request -> request.send())
            .compose(
                response -> {
                  response.handler(buffer -> sum[0] += buffer.length());
                  return response.end();
                }));
    result(client.close());
    check(sum[0]);
  }

  /** With the JDK's client and a loop. */
  @Benchmark
  public void download_loop() throws Exception {
    try (InputStream in =
        URI.create("http://127.0.0.1:" + origin.getLocalPort() + "/").toURL().openStream()) {
      check(in.transferTo(OutputStream.nullOutputStream()));
    }
  }

  private static void check(long count) {
    if (count != DOWNLOADED) {
      throw new IllegalStateException(count + " bytes came");
    }
  }

  private void serve() throws IOException {
    for (; ; ) {
      java.net.Socket client = origin.accept();
      thread(
          () -> {
            try (client) {
              InputStream in = client.getInputStream();
              String request = "";
              while (!request.endsWith("\r\n\r\n")) {
                request += (char) in.read();
              }
              OutputStream out = client.getOutputStream();
              String head =
                  "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: "
                      + DOWNLOADED
                      + "\r\n\r\n";
              out.write(head.getBytes(StandardCharsets.ISO_8859_1));
              zeros(out, DOWNLOADED);
            }
          });
    }
  }
}
