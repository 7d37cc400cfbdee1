package io.libprocess.net.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.net.Address;
import io.libprocess.net.Tls;
import io.libprocess.net.TlsAccess;
import io.libprocess.net.Transport;
import io.libprocess.world.World;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Connections that speak TLS in a world of one thread. */
abstract class SecuredWorld {

  static final Duration LIMIT = Duration.ofSeconds(10);

  @TempDir static Path directory;
  static TlsFixture.Shared shared;

  @BeforeAll
  static void makeCertificates() throws Exception {
    shared = new TlsFixture.Shared(directory);
  }

  static Tls.Builder server() {
    return shared.server().handshakeTimeout(LIMIT);
  }

  static Tls.Builder client() {
    return shared.client().handshakeTimeout(LIMIT);
  }

  /** One end of a connection, which notes what happens to it. */
  static class SecuredEnd implements Transport.Handler {
    final Transport.Channel channel;
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final List<String> events = new ArrayList<>();
    boolean expendable;
    boolean pausing; // Takes one piece at a time.
    Runnable whenReceived = () -> {};

    SecuredEnd(Transport.Channel channel) {
      this.channel = channel;
    }

    void write(String text) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    String text() {
      return bytes.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void received(ByteBuffer data) {
      assertTrue(data.hasRemaining());
      byte[] piece = new byte[data.remaining()];
      data.get(piece);
      bytes.writeBytes(piece);
      if (pausing) {
        channel.pause();
      }
      whenReceived.run();
    }

    @Override
    public void ended() {
      events.add("ended");
    }

    @Override
    public void drained() {
      events.add("drained");
    }

    @Override
    public void closed(Optional<IOException> failure) {
      events.add("closed" + failure.map(why -> ": " + why.getMessage()).orElse(""));
    }

    @Override
    public void outputEnded() {
      events.add("outputEnded");
    }

    @Override
    public boolean isExpendable() {
      return expendable;
    }
  }

  /** A client, a server, and the network between them. */
  static final class SecuredPair {
    final World world;
    final World.Host near;
    final World.Host far;
    final TlsContext serving;
    final TlsContext asking;
    final Address address;
    final List<SecuredEnd> accepted = new ArrayList<>();
    final List<Transport.Handler> raw = new ArrayList<>(); // Of accepted connections.
    final List<String> refused = new ArrayList<>();
    Function<ByteBuffer, List<ByteBuffer>> wire = List::of; // What becomes of the client's output.
    int writes; // Of the client's raw channel.
    Transport.Channel clientRaw;
    Transport.Channel serverRaw;
    SecuredEnd client;
    Future<Transport.Channel> connecting;

    SecuredPair(World world, Tls serverTls, Tls clientTls) {
      this.world = world;
      near = world.host();
      far = world.host();
      serving = TlsAccess.context(serverTls);
      asking = TlsAccess.context(clientTls);
      Function<Transport.Channel, Transport.Handler> accept =
          serving.accepting(this::accepted, (channel, why) -> refused.add(why.getMessage()));
      try {
        address =
            (Address)
                far.runtime()
                    .transport()
                    .listen(new Address(far.ip(), 0), 1, channel -> keep(channel, accept))
                    .address();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private Transport.Handler keep(
        Transport.Channel channel, Function<Transport.Channel, Transport.Handler> accept) {
      serverRaw = channel;
      Transport.Handler handler = accept.apply(channel);
      raw.add(handler);
      return handler;
    }

    private Transport.Handler accepted(Transport.Channel channel) {
      SecuredEnd end = new SecuredEnd(channel);
      accepted.add(end);
      return end;
    }

    /** The client's network, which changes its output. */
    Transport network() {
      Transport whole = near.runtime().transport();
      return (Transport)
          Proxy.newProxyInstance(
              Transport.class.getClassLoader(),
              new Class<?>[] {Transport.class},
              (proxy, method, arguments) ->
                  method.getName().equals("connect")
                      ? whole.connect(
                          (Address) arguments[0], channel -> made(arguments[1], changing(channel)))
                      : method.invoke(whole, arguments));
    }

    @SuppressWarnings("unchecked") // The second argument of Transport.connect.
    private Transport.Handler made(Object connected, Transport.Channel channel) {
      clientRaw = channel;
      return ((Function<Transport.Channel, Transport.Handler>) connected).apply(channel);
    }

    private Transport.Channel changing(Transport.Channel channel) {
      return (Transport.Channel)
          Proxy.newProxyInstance(
              Transport.class.getClassLoader(),
              new Class<?>[] {Transport.Channel.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("write")
                    && arguments[0] instanceof ByteBuffer written) {
                  writes++;
                  wire.apply(written).forEach(channel::write);
                  return null;
                }
                try {
                  return method.invoke(channel, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }

    SecuredPair dial() {
      connecting =
          asking.connect(
              network(),
              address,
              Optional.of("localhost"),
              channel -> client = new SecuredEnd(channel));
      return this;
    }

    SecuredPair open() {
      dial();
      world.settle();
      assertTrue(connecting.isReady(), connecting::toString);
      assertEquals(1, accepted.size());
      return this;
    }

    SecuredEnd server() {
      return accepted.get(0);
    }

    String whyNotConnected() {
      assertTrue(connecting.isFailed(), connecting::toString);
      return connecting.failure().getMessage();
    }
  }

  interface InWorld {
    void run(World world) throws Exception;
  }

  static void inWorld(InWorld body) throws Exception {
    World.run(
        world -> {
          try {
            body.run(world);
            return null;
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  static void connected(Function<SecuredPair, ?> body) throws Exception {
    inWorld(world -> body.apply(new SecuredPair(world, server().build(), client().build()).open()));
  }

  static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
