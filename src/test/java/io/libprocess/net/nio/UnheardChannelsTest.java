package io.libprocess.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.libprocess.net.Recorder;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Looking for resets on channels that watch for nothing. */
@Timeout(60)
class UnheardChannelsTest {

  private static final Duration PERIOD = Duration.ofSeconds(2);

  private final List<HandLoop.Connected> all = new ArrayList<>();
  private HandLoop hand;

  @BeforeEach
  void open() throws IOException {
    hand = new HandLoop();
  }

  @AfterEach
  void close() throws IOException {
    hand.close();
    for (HandLoop.Connected connected : all) {
      connected.peer().close();
    }
  }

  private HandLoop.Connected connect() throws IOException {
    HandLoop.Connected connected = hand.connect(Recorder::new);
    all.add(connected);
    return connected;
  }

  /** A connection whose handler does not want to read. */
  private HandLoop.Connected paused() throws IOException {
    HandLoop.Connected connected = connect();
    connected.handler().channel.pause();
    hand.round();
    return connected;
  }

  private static void reset(HandLoop.Connected connected) throws IOException {
    connected.peer().setOption(StandardSocketOptions.SO_LINGER, 0);
    connected.peer().close();
  }

  private static boolean isClosed(HandLoop.Connected connected) {
    return connected.handler().closed.getCount() == 0;
  }

  /** How often it was looked. */
  private int looks() {
    return hand.selectors.size() - 1; // The first one is the loop's.
  }

  @Test
  void reset_isFoundAtTheNextLook() throws Exception {
    HandLoop.Connected connected = paused();
    reset(connected);
    hand.pass(PERIOD.minusMillis(10));
    assertFalse(isClosed(connected));
    assertEquals(0, looks());
    hand.pass(Duration.ofMillis(10));
    assertEquals(1, looks());
    assertEquals(
        "Connection reset by peer", connected.handler().failure.orElseThrow().getMessage());
    assertFalse(hand.selector().isOpen(), "the one for the look");
  }

  @Test
  void looking_goesOnForAllThatAreUnheard() throws Exception {
    HandLoop.Connected first = paused();
    HandLoop.Connected second = paused();
    HandLoop.Connected third = paused();
    assertEquals(1, hand.timers());
    hand.pass(PERIOD);
    hand.pass(PERIOD);
    assertEquals(2, looks());
    assertEquals(1, hand.timers());
    reset(second);
    hand.pass(PERIOD);
    assertEquals(List.of(false, true, false), closed(first, second, third));
    reset(first);
    reset(third);
    hand.pass(PERIOD);
    assertEquals(List.of(true, true, true), closed(first, second, third));
    hand.pass(PERIOD);
    assertEquals(4, looks(), "nothing is left to look at");
    assertEquals(0, hand.timers());
  }

  private static List<Boolean> closed(HandLoop.Connected... several) {
    return List.of(several).stream().map(UnheardChannelsTest::isClosed).toList();
  }

  @Test
  void channelThatIsHeardAgain_isNotLookedAt() throws Exception {
    HandLoop.Connected connected = paused();
    connected.handler().channel.resume();
    hand.pass(PERIOD);
    assertEquals(0, looks());
    hand.pass(PERIOD);
    assertEquals(0, hand.timers());
    connected.handler().channel.pause();
    hand.round();
    assertEquals(1, hand.timers());
    reset(connected);
    hand.pass(PERIOD);
    assertEquals(1, looks());
    assertEquals(true, isClosed(connected));
  }

  @Test
  void channelThatIsClosed_isNotLookedAt() throws Exception {
    paused().handler().channel.close();
    hand.round();
    hand.pass(PERIOD);
    assertEquals(0, looks());
    assertEquals(0, hand.timers());
  }

  @Test
  void channelWhoseInputHasEnded_isLookedAt() throws Exception {
    HandLoop.Connected connected = connect();
    connected.peer().shutdownOutput();
    hand.rounds();
    assertEquals(0, connected.handler().ended.getCount());
    hand.pass(PERIOD);
    assertEquals(1, looks());
    assertFalse(isClosed(connected));
    reset(connected);
    hand.pass(PERIOD);
    assertEquals(true, isClosed(connected));
  }

  /** Perhaps there are no descriptors. */
  @Test
  void lookThatFails_isRepeated() throws Exception {
    HandLoop.Connected connected = paused();
    reset(connected);
    hand.opening =
        () -> {
          throw new IOException("Too many open files");
        };
    hand.pass(PERIOD);
    assertFalse(isClosed(connected));
    hand.opening = () -> {};
    hand.pass(PERIOD);
    assertEquals(true, isClosed(connected));
  }

  /** Nothing would run it. */
  @Test
  void loopThatCloses_startsNoTimer() throws Exception {
    HandLoop.Connected connected = connect();
    hand.loop.execute(
        () -> {
          hand.loop.close();
          connected.handler().channel.pause();
        });
    hand.round();
    assertEquals(0, hand.timers());
  }
}
