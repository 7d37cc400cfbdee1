package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.HttpListener;
import io.libprocess.http.Limits;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import io.libprocess.net.Address;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Tls;
import io.libprocess.net.Transport;
import io.libprocess.runtime.Runtime;
import io.libprocess.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A node before it is complete, and the remains of one that could not start. */
class NodeStartTest {

  /** A transport that runs an action when a port has been bound. */
  private record Bound(Transport raw, Consumer<Transport.Listener> then) implements Transport {

    @Override
    public Listener listen(NetworkAddress address, int backlog, Function<Channel, Handler> accepted)
        throws IOException {
      Listener listener = raw.listen(address, backlog, accepted);
      then.accept(listener);
      return listener;
    }

    @Override
    public Future<Channel> connect(NetworkAddress address, Function<Channel, Handler> connected) {
      return raw.connect(address, connected);
    }

    @Override
    public void close() {
      raw.close();
    }
  }

  private static Runtime runtime(World.Host host, Consumer<Transport.Listener> onceBound) {
    Runtime usual = host.runtime();
    return new Runtime(
        usual.scheduler(), usual.clock(), new Bound(usual.transport(), onceBound), usual.secrets());
  }

  private static Node start(World.Host host, Runtime runtime) {
    try {
      return NodeStart.start(
          Config.builder().clock(host.clock()).ip(host.ip()).port(0).build(), runtime);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void requestBeforeTheNodeIsComplete_isAnsweredWhenItIs() throws Exception {
    World.run(
        world -> {
          World.Host near = world.host();
          Node client = start(near, near.runtime());
          World.Host far = world.host();
          Future<?>[] early = new Future<?>[1];
          Runtime runtime =
              runtime(
                  far,
                  listener -> {
                    Address address = listener.address().inet().orElseThrow();
                    early[0] =
                        client
                            .http()
                            .get(Url.of(address).withTarget("/help"))
                            .map(response -> response.status().code());
                    world.settle();
                    assertTrue(early[0].isPending());
                  });
          Node server = start(far, runtime);
          world.settle();

          assertTrue(early[0].isReady(), early[0].toString());
          assertEquals(200, early[0].get());
          client.close();
          server.close();
          return null;
        });
  }

  @Test
  void errorAfterThePortWasBound_closesAllThatHadBegun() throws Exception {
    World.run(
        world -> {
          World.Host host = world.host();
          Error error = new OutOfMemoryError("on purpose");
          Runtime runtime =
              runtime(
                  host,
                  listener -> {
                    throw error;
                  });

          assertSame(error, assertThrows(Error.class, () -> start(host, runtime)));
          assertTrue(runtime.scheduler().isClosed());
          IOException closed =
              assertThrows(
                  IOException.class,
                  () -> runtime.transport().listen(new Address(host.ip(), 1), 1, channel -> null));
          assertTrue(closed.getMessage().startsWith("cannot listen on"), closed.getMessage());
          return null;
        });
  }

  /* ------ On threads ------ */

  private static Set<Thread> threads() {
    Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
    threads.removeIf(thread -> !thread.getName().startsWith("libprocess-"));
    return threads;
  }

  /** Makes a start fail, and looks for threads that it leaves. */
  private static void assertLeavesNothing(Class<? extends Throwable> failure, Start start)
      throws Exception {
    Set<Thread> before = threads();
    assertThrows(failure, start::run);
    Set<Thread> left = threads();
    left.removeAll(before);
    for (Thread thread : left) {
      if (!thread.getName().startsWith("libprocess-clock")) { // That is everybody's.
        thread.join(20_000);
        assertFalse(thread.isAlive(), thread.getName());
      }
    }
  }

  private interface Start {
    void run() throws Exception;
  }

  private static Config.Builder loopback() {
    return Config.builder().ip(InetAddress.getLoopbackAddress());
  }

  @Test
  void takenPort_leavesNoThreads() throws Exception {
    // Not a node's port: that may start threads at any time.
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertLeavesNothing(
          UncheckedIOException.class, () -> Node.start(loopback().port(port).build()));
      assertLeavesNothing(
          IOException.class,
          () -> HttpListener.start(Address.loopback(port), request -> Future.of(Response.ok(""))));
    }
  }

  @Test
  void tlsThatCannotAccept_leavesNoThreads() throws Exception {
    Tls without = Tls.builder().build(); // It has no certificate.
    assertLeavesNothing(
        IllegalStateException.class, () -> Node.start(loopback().port(0).tls(without).build()));
    assertLeavesNothing(
        IllegalStateException.class,
        () ->
            HttpListener.start(
                Address.loopback(0),
                request -> Future.of(Response.ok("")),
                Limits.defaults(),
                without));
  }
}
