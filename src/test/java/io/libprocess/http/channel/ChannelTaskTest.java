package io.libprocess.http.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.http1.FakeChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChannelTaskTest {

  private final FakeChannel channel = new FakeChannel();
  private final Recorder task = new Recorder(channel);

  /** Records its input; the test does the parsing. */
  private static final class Recorder extends ChannelTask {
    final List<String> events = new ArrayList<>();
    Runnable parsing = () -> {}; // What the next call of parse does.
    boolean heldBack;

    Recorder(FakeChannel channel) {
      super(channel);
    }

    @Override
    protected void advance() {
      boolean starved = takeArrived();
      if (starved && isLastFed()) {
        events.add("end");
      }
      input.pause(!starved);
    }

    @Override
    protected void broken(Throwable thrown) {
      events.add("broken by " + thrown.getMessage());
    }

    @Override
    protected void feed(byte[] bytes) {
      events.add(new String(bytes, StandardCharsets.US_ASCII));
    }

    @Override
    protected boolean parse() {
      Runnable now = parsing;
      parsing = () -> {};
      now.run();
      events.add("parsed");
      return !heldBack;
    }

    /** The pieces, which have one letter each. */
    List<String> fed() {
      return events.stream().filter(event -> event.length() == 1).toList();
    }

    @Override
    public void closed(Optional<IOException> failure) {}
  }

  private void receive(String... pieces) {
    for (String piece : pieces) {
      channel.receiveAlthoughPaused(piece);
    }
  }

  ChannelTaskTest() {
    channel.handler = task;
  }

  @Test
  void whatArrivesWhileParsing_isParsedPieceByPiece() {
    task.parsing = () -> receive("b", "c");
    receive("a");

    List<String> expected = List.of("a", "parsed", "b", "parsed", "c", "parsed");
    assertEquals(expected, task.events.subList(0, 6));
  }

  @Test
  void whatArrivesWhileHeldBack_waitsInItsOrder() {
    task.heldBack = true;
    task.parsing = () -> receive("b");
    receive("a", "c", "d");
    assertTrue(channel.isPaused());
    assertEquals(List.of("a"), task.fed());

    task.heldBack = false;
    task.ask();
    assertFalse(channel.isPaused());
    assertEquals(List.of("a", "b", "c", "d"), task.fed());
  }

  @Test
  void end_isKnownBehindTheLastPiece() {
    task.heldBack = true;
    receive("a", "b");
    channel.receiveEnd();
    assertEquals(List.of("a"), task.fed());

    task.heldBack = false;
    task.parsing = () -> assertFalse(task.isLastFed());
    task.ask();
    assertEquals(List.of("a", "b"), task.fed());
    assertEquals("end", task.events.get(task.events.size() - 1));
  }

  @Test
  void work_thatThrows() {
    task.parsing =
        () -> {
          throw new IllegalStateException("a bug");
        };
    receive("a");

    assertEquals(List.of("a", "broken by a bug"), task.events);
  }
}
