package io.libprocess.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.Recorder;
import io.libprocess.support.LogCapture;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is asked of the thread that polls. */
@Timeout(60)
class LoopTasksTest {

  private final LoopTasks tasks = new LoopTasks();
  private final List<String> done = new ArrayList<>();

  @Test
  void tasks_runInTheirOrderWithThoseTheyAdd() {
    assertTrue(tasks.isEmpty());
    tasks.add(
        () -> {
          done.add("first");
          tasks.add(() -> done.add("third"));
        });
    tasks.add(() -> done.add("second"));
    assertFalse(tasks.isEmpty());
    tasks.run();
    assertEquals(List.of("first", "second", "third"), done);
    assertTrue(tasks.isEmpty());
  }

  @Test
  void task_canBeTakenBackUntilItRuns() {
    Runnable task = () -> done.add("ran");
    tasks.add(task);
    assertTrue(tasks.remove(task));
    assertFalse(tasks.remove(task));
    tasks.run();
    assertEquals(List.of(), done);
    assertTrue(tasks.isEmpty());
  }

  @Test
  void taskThatThrows_doesNotKeepOthersFromRunning() throws Exception {
    try (LogCapture log = new LogCapture()) {
      tasks.add(
          () -> {
            throw new OutOfMemoryError("on purpose");
          });
      tasks.add(() -> done.add("ran"));
      tasks.run();
      assertEquals(List.of("ran"), done);
      log.await("A task of an event loop threw");
    }
  }

  @Test
  void channelToBeFinished_isWorkUntilItIs() throws Exception {
    try (HandLoop hand = new HandLoop()) {
      NioChannel channel = channelOf(hand.connect(Recorder::new));
      channel.close();
      hand.round();
      tasks.finish(channel);
      assertFalse(tasks.isEmpty());
      hand.loop.execute(tasks::run);
      hand.round();
      assertTrue(tasks.isEmpty());
    }
  }

  /** They are linked to one another. */
  @Test
  void channels_areAllFinishedThoughTheyWereClosedTogether() throws Exception {
    try (HandLoop hand = new HandLoop()) {
      List<HandLoop.Connected> all = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        all.add(hand.connect(Recorder::new));
      }
      all.forEach(connected -> connected.handler().channel.close());
      hand.round();
      for (HandLoop.Connected connected : all) {
        assertEquals(0, connected.handler().closed.getCount());
        assertFalse(connected.socket().isOpen());
        assertEquals(null, channelOf(connected).nextToFinish, "it would keep others in memory");
        connected.peer().close();
      }
    }
  }

  private static NioChannel channelOf(HandLoop.Connected connected) {
    return (NioChannel) connected.handler().channel;
  }
}
