package io.libprocess.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.Limits;
import io.libprocess.http.Response;
import io.libprocess.http.server.HttpServer;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.internal.scheduler.ForkJoinScheduler;
import io.libprocess.net.Transport;
import io.libprocess.net.UnixAddress;
import io.libprocess.net.nio.NioTransport;
import io.libprocess.time.Clock;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class UnixHttpTest {

  @Test
  void server_answersOnAUnixSocketToAClientWithoutAnIp(@TempDir Path directory) throws Exception {
    Path path = directory.resolve("http");
    Clock clock = Clock.system();
    ForkJoinScheduler scheduler =
        new ForkJoinScheduler("test", 1, false, clock, Duration.ofSeconds(60), (t, c) -> {})
            .start();
    HttpServer server =
        new HttpServer(
            request -> Future.of(Response.ok("from " + request.client())),
            Limits.defaults(),
            clock,
            scheduler.blocking(),
            MemoryBudget.ofHeap());
    try (Transport transport = new NioTransport(scheduler, 1, MemoryBudget.ofHeap())) {
      transport.listen(new UnixAddress(path.toString()), 16, server::accept);
      try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
        Channels.newOutputStream(client)
            .write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(US_ASCII));

        String answer = new String(Channels.newInputStream(client).readAllBytes(), US_ASCII);

        assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
        assertTrue(answer.endsWith("\r\n\r\nfrom Optional.empty"), answer);
      }
    } finally {
      scheduler.close();
    }
  }
}
