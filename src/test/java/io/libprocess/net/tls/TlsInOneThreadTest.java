package io.libprocess.net.tls;

import static io.libprocess.net.tls.TlsFixture.assertContains;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.Tls;
import io.libprocess.net.Transport;
import io.libprocess.support.Counts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that speak TLS, and everything that may happen to them once they are open. */
class TlsInOneThreadTest extends SecuredWorld {

  /* ------ Bytes ------ */

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void bytes_goBothWays(String protocol) throws Exception {
    inWorld(
        world -> {
          Tls tls = client().protocols(List.of(protocol)).build();
          SecuredPair link = new SecuredPair(world, server().build(), tls).open();
          byte[] large = random(3_000_000);

          link.client.write("hello");
          link.server().channel.write(ByteBuffer.wrap(large));
          world.settle();

          assertEquals("hello", link.server().text());
          assertArrayEquals(large, link.client.bytes.toByteArray());
          assertEquals(protocol, link.client.channel.tls().orElseThrow().protocol());
          assertEquals(protocol, link.server().channel.tls().orElseThrow().protocol());
          assertEquals(0, link.client.channel.queued());
          assertEquals(0, link.server().channel.queued());
          assertEquals(link.client.channel.local(), link.server().channel.remote());
          assertEquals(List.of(), link.client.events);
          assertEquals(List.of("drained"), link.server().events);
          assertEquals(Map.of("tls_failures", 0L, "tls_handshakes", 1L), Counts.of(link.serving));
          assertEquals(Map.of("tls_failures", 0L, "tls_handshakes", 1L), Counts.of(link.asking));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void bytes_mayArriveOneByOne(String protocol) throws Exception {
    inWorld(
        world -> {
          Tls tls = client().protocols(List.of(protocol)).build();
          SecuredPair link = new SecuredPair(world, server().build(), tls);
          link.wire =
              written -> {
                List<ByteBuffer> bytes = new ArrayList<>();
                while (written.hasRemaining()) {
                  bytes.add(ByteBuffer.wrap(new byte[] {written.get()}));
                }
                return bytes;
              };
          link.open();
          link.client.write("slowly");
          link.client.channel.end();
          world.settle();
          assertEquals("slowly", link.server().text());
          assertEquals("ended", link.server().events.get(0));
        });
  }

  @Test
  void writesOfOneEvent_makeOneRecordInTheirOrder() throws Exception {
    connected(
        link -> {
          int before = link.writes;
          StringBuilder all = new StringBuilder();
          link.client.channel.execute(
              () -> {
                for (int i = 0; i < 1000; i++) {
                  link.client.write(i + ",");
                  all.append(i).append(',');
                }
                link.client.channel.write(ByteBuffer.allocate(0));
              });
          link.world.settle();
          assertEquals(all.toString(), link.server().text());
          assertEquals(1, link.writes - before);
          return null;
        });
  }

  @Test
  void bytesOfManySizes_areNotChanged() throws Exception {
    connected(
        link -> {
          ByteArrayOutputStream sent = new ByteArrayOutputStream();
          for (int size : new int[] {1, 16_383, 16_384, 16_385, 65_536, 96 * 1024, 500_000}) {
            byte[] piece = random(size);
            sent.writeBytes(piece);
            link.client.channel.write(ByteBuffer.wrap(piece));
            if (size % 2 == 0) {
              link.world.settle();
            }
          }
          link.client.channel.end();
          link.world.settle();
          assertArrayEquals(sent.toByteArray(), link.server().bytes.toByteArray());
          assertEquals(List.of("ended"), link.server().events);
          return null;
        });
  }

  /* ------ The end ------ */

  @Test
  void end_leavesTheOtherDirectionOpen() throws Exception {
    connected(
        link -> {
          link.client.write("question");
          link.client.channel.end();
          link.client.channel.end();
          link.client.write("too late");
          link.world.settle();
          assertEquals("question", link.server().text());
          assertEquals(List.of("ended"), link.server().events);
          assertEquals(List.of(), link.client.events);
          return null;
        });
  }

  @Test
  void closeAfterWrites_sendsEverythingAndTakesNothing() throws Exception {
    connected(
        link -> {
          link.client.write("last");
          link.client.channel.closeAfterWrites();
          link.server().write("unheard");
          link.world.settle();
          assertEquals("last", link.server().text());
          assertEquals("", link.client.text());
          assertEquals(List.of("closed"), link.client.events);
          assertEquals("ended", link.server().events.get(0));
          return null;
        });
  }

  @Test
  void closeAfterWrites_ofTheServer() throws Exception {
    connected(
        link -> {
          link.server().write("last");
          link.server().channel.closeAfterWrites();
          link.world.settle();
          assertEquals("last", link.client.text());
          assertEquals(List.of("closed"), link.server().events);
          assertEquals("ended", link.client.events.get(0));
          return null;
        });
  }

  @Test
  void close_ofTheServer() throws Exception {
    connected(
        link -> {
          link.server().channel.close();
          link.world.settle();
          assertEquals(List.of("closed"), link.server().events);
          assertContains("without close_notify", events(link.client));
          return null;
        });
  }

  @Test
  void failureOfTheChannelBelow_isPassedOnOnce() throws Exception {
    connected(
        link -> {
          Transport.Handler raw = link.raw.get(0);
          raw.outputEnded();
          raw.closed(Optional.of(new IOException("reset")));
          raw.closed(Optional.empty());
          assertEquals(List.of("outputEnded", "closed: reset"), link.server().events);
          link.server().write("unheard");
          link.world.settle();
          assertEquals("", link.client.text());
          return null;
        });
  }

  @Test
  void connectionThatIsResetDuringTheHandshake_isRefused() throws Exception {
    inWorld(
        world -> {
          SecuredPair link = new SecuredPair(world, server().build(), client().build());
          link.wire = written -> List.of();
          link.dial();
          world.settle();
          Transport.Handler raw = link.raw.get(0);
          raw.drained();
          raw.outputEnded();
          raw.closed(Optional.of(new IOException("reset")));
          assertEquals(1, link.refused.size());
          assertContains("the connection was closed during it", link.refused.get(0));
        });
  }

  @Test
  void closeAfterWrites_followsAnEnd() throws Exception {
    connected(
        link -> {
          link.client.channel.end();
          link.client.channel.closeAfterWrites();
          link.client.channel.end();
          link.world.settle();
          assertEquals(List.of("closed"), link.client.events);
          return null;
        });
  }

  @Test
  void close_cutsTheStream() throws Exception {
    connected(
        link -> {
          link.client.write("cut");
          link.world.settle();
          link.client.channel.close();
          link.client.write("unsent");
          link.client.channel.end();
          link.world.settle();
          assertEquals("cut", link.server().text());
          assertEquals(List.of("closed"), link.client.events);
          assertEquals(1, link.server().events.size());
          assertContains("without close_notify", link.server().events.get(0));
          return null;
        });
  }

  @Test
  void record_thatWasTamperedWith_failsBothEnds() throws Exception {
    connected(
        link -> {
          link.client.write("genuine");
          link.world.settle();
          link.wire =
              written -> {
                written.put(written.limit() - 1, (byte) ~written.get(written.limit() - 1));
                return List.of(written);
              };
          link.client.write("pay 100");
          link.world.settle();
          assertEquals("genuine", link.server().text());
          assertEquals(1, link.server().events.size());
          assertContains("closed: TLS with " + link.client.channel.local(), events(link.server()));
          assertContains("bad_record_mac", events(link.client)); // The alert has arrived.
          return null;
        });
  }

  /** Holds the first output back until the second comes, which is perhaps changed. */
  private static Function<ByteBuffer, List<ByteBuffer>> joiningTwo(boolean spoilt) {
    ByteArrayOutputStream together = new ByteArrayOutputStream();
    return written -> {
      boolean second = together.size() > 0;
      byte[] piece = new byte[written.remaining()];
      written.get(piece);
      if (second && spoilt) {
        piece[piece.length - 1] ^= 1;
      }
      together.writeBytes(piece);
      return second ? List.of(ByteBuffer.wrap(together.toByteArray())) : List.of();
    };
  }

  @Test
  void bytesBeforeABadRecord_areGenuine() throws Exception {
    connected(
        link -> {
          link.wire = joiningTwo(true);
          link.client.write("genuine");
          link.world.settle();
          link.client.write("pay 100");
          link.world.settle();
          assertEquals("genuine", link.server().text());
          assertContains("closed: TLS with", events(link.server()));
          return null;
        });
  }

  @Test
  void bytesThatArriveWithTheEnd_comeBeforeIt() throws Exception {
    connected(
        link -> {
          link.wire = joiningTwo(false);
          link.client.write("last");
          link.client.channel.end();
          link.world.settle();
          assertEquals("last", link.server().text());
          assertEquals(List.of("ended"), link.server().events);
          return null;
        });
  }

  private static String events(SecuredEnd end) {
    return String.join("|", end.events);
  }

  /* ------ Back-pressure ------ */

  @Test
  void pause_holdsTheSenderBackUntilItIsResumed() throws Exception {
    connected(
        link -> {
          int size = 2_000_000;
          link.server().channel.pause();
          link.client.channel.write(ByteBuffer.wrap(random(size)));
          link.client.write("!");
          assertTrue(link.client.channel.queued() > size);
          link.world.settle();
          assertEquals(0, link.server().bytes.size());
          assertTrue(link.client.channel.queued() > size, () -> "" + link.client.channel.queued());
          assertTrue(link.clientRaw.queued() < 300_000, () -> "" + link.clientRaw.queued());
          assertEquals(List.of(), link.client.events);
          link.server().channel.resume();
          link.server().channel.resume();
          link.world.settle();
          assertEquals(size + 1, link.server().bytes.size());
          assertEquals(List.of("drained"), link.client.events);
          assertEquals(0, link.client.channel.queued());
          return null;
        });
  }

  @Test
  void pause_fromWithinTakesEffectAtOnce() throws Exception {
    inWorld(
        world -> {
          SecuredPair link = new SecuredPair(world, server().build(), client().build()).open();
          SecuredEnd server = link.server();
          link.client.channel.execute(
              () -> {
                for (int i = 0; i < 20; i++) {
                  link.client.channel.write(ByteBuffer.wrap(random(16_384)));
                }
                link.client.channel.end();
              });
          server.channel.execute(server.channel::pause);
          world.settle();
          assertEquals(0, server.bytes.size());
          assertEquals(List.of(), server.events);
          server.channel.resume();
          world.settle();
          assertEquals(20 * 16_384, server.bytes.size());
          assertEquals(List.of("ended"), server.events);
        });
  }

  @Test
  void records_thatHaveArrivedTogetherWaitWhileTheHandlerPauses() throws Exception {
    connected(
        link -> {
          ByteArrayOutputStream together = new ByteArrayOutputStream();
          link.wire =
              written -> {
                byte[] piece = new byte[written.remaining()];
                written.get(piece);
                together.writeBytes(piece);
                return List.of();
              };
          byte[] all = random(400_000);
          link.client.channel.write(ByteBuffer.wrap(all));
          link.world.settle();
          link.wire = List::of;
          SecuredEnd server = link.server();
          server.pausing = true;
          link.clientRaw.write(ByteBuffer.wrap(together.toByteArray()));
          link.world.settle();
          int first = server.bytes.size();
          assertTrue(first > 0 && first < 200_000, () -> first + " bytes in one piece");
          for (int i = 0; i < 10; i++) {
            server.channel.resume();
            link.world.settle();
          }
          assertArrayEquals(all, server.bytes.toByteArray());
          return null;
        });
  }

  @Test
  void closeAfterWrites_takesNothingAnyMoreWhileItWaits() throws Exception {
    connected(
        link -> {
          link.server().channel.pause();
          link.client.channel.write(ByteBuffer.wrap(random(1_000_000)));
          link.client.channel.closeAfterWrites();
          link.world.settle();
          assertEquals(List.of(), link.client.events);
          link.server().write("unheard");
          link.server().channel.end();
          link.world.settle();
          assertEquals("", link.client.text());
          assertFalse(link.client.events.contains("ended"), link.client.events::toString);
          return null;
        });
  }

  @Test
  void close_dropsWhatWaits() throws Exception {
    connected(
        link -> {
          link.server().channel.pause();
          link.client.channel.write(ByteBuffer.wrap(random(1_000_000)));
          link.world.settle();
          assertTrue(link.client.channel.queued() > 900_000);
          link.client.channel.close();
          assertEquals(link.clientRaw.queued(), link.client.channel.queued());
          link.client.write("unsent");
          assertEquals(link.clientRaw.queued(), link.client.channel.queued());
          return null;
        });
  }

  @Test
  void failureWhileThePeerTakesNothing_closesTheConnection() throws Exception {
    connected(
        link -> {
          link.server().channel.pause();
          link.client.channel.write(ByteBuffer.wrap(random(1_000_000)));
          link.world.settle();
          link.serverRaw.write(ByteBuffer.wrap(random(100)));
          link.world.settle();
          assertEquals(1, link.client.events.size());
          assertContains("closed: TLS with", link.client.events.get(0));
          assertEquals(link.clientRaw.queued(), link.client.channel.queued());
          link.server().channel.resume();
          link.world.settle();
          assertEquals(1, link.server().events.size());
          assertContains("without close_notify", events(link.server()));
          return null;
        });
  }

  @Test
  void channel_sharesTheThreadsAndTheMemoryOfTheOneBelow() throws Exception {
    connected(
        link -> {
          assertSame(MemoryBudget.of(link.clientRaw), MemoryBudget.of(link.client.channel));
          List<String> ran = new ArrayList<>();
          link.client.channel.threads().run(() -> ran.add("a"));
          link.world.settle();
          assertEquals(List.of("a"), ran);
          return null;
        });
  }

  @Test
  void writes_beforeThePeerTakesThemAreSentWhenItDoes() throws Exception {
    connected(
        link -> {
          link.server().channel.pause();
          link.client.channel.write(ByteBuffer.wrap(random(1_000_000)));
          link.world.settle();
          link.client.write("and this");
          link.client.channel.closeAfterWrites();
          link.world.settle();
          assertEquals(List.of(), link.client.events);
          link.server().channel.resume();
          link.world.settle();
          assertTrue(link.server().text().endsWith("and this"));
          assertEquals("ended", link.server().events.get(0));
          assertEquals(List.of("closed"), link.client.events);
          return null;
        });
  }
}
