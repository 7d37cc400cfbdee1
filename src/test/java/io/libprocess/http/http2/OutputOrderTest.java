package io.libprocess.http.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.http2.frame.PeerSettings;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputOrderTest {

  private final OutputOrder<Sender> order = new OutputOrder<>();

  private static final class Sender extends OpenStream {
    int frames;

    Sender(int id, int frames) {
      super(id, PeerSettings.INITIAL_WINDOW, PeerSettings.INITIAL_WINDOW);
      this.frames = frames;
    }

    @Override
    public void ask() {}
  }

  private void add(int id, String priority, int frames) {
    Sender stream = new Sender(id, frames);
    if (!priority.isEmpty()) {
      order.change(stream, Priority.parse(priority));
    }
    order.add(stream);
  }

  /** The streams in the order of their frames. */
  private List<Integer> sent(int most) {
    List<Integer> sent = new ArrayList<>();
    while (!order.isEmpty() && sent.size() < most) {
      Sender next = order.poll();
      sent.add(next.id());
      if (--next.frames > 0) {
        order.add(next);
      }
    }
    return sent;
  }

  @Test
  void withoutPriorities_streamsTakeTurns() {
    add(1, "", 3);
    add(3, "", 1);
    add(5, "", 2);

    assertEquals(List.of(1, 3, 5, 1, 5, 1), sent(10));
  }

  @Test
  void urgentStreams_comeFirst() {
    add(1, "u=5", 2);
    add(3, "u=1", 2);
    add(5, "", 2);

    assertEquals(List.of(3, 3, 5, 5, 1, 1), sent(10));
  }

  @Test
  void streamsThatAreNotIncremental_comeOneAfterTheOtherByTheirIds() {
    add(3, "u=3", 2);
    add(1, "u=3", 2);

    assertEquals(List.of(1, 1, 3, 3), sent(10));
  }

  @Test
  void bothGroupsOfAnUrgency_takeTurns() {
    add(1, "u=3", 2);
    add(3, "u=3, i", 2);
    add(5, "u=3, i", 2);

    assertEquals(List.of(3, 1, 5, 1, 3, 5), sent(10));
  }

  @Test
  void everySixteenthFrame_isForTheStreamThatHasWaitedLongest() {
    add(1, "u=0", 100);
    add(3, "u=7", 100);
    List<Integer> sent = sent(64);

    assertEquals(4, sent.stream().filter(id -> id == 3).count());
  }

  @Test
  void anyNumberOfUrgentStreams_starvesNone() {
    for (int id = 1; id < 100; id += 2) {
      add(id, "u=" + id % 8, 1000);
    }
    List<Integer> sent = sent(16 * 50 * 2);

    for (int id = 1; id < 100; id += 2) {
      assertTrue(sent.contains(id), "never sent: " + id);
    }
  }

  @Test
  void only_isTheStreamThatIsAlone() {
    assertNull(order.only());
    add(1, "u=5", 1);
    assertEquals(1, order.only().id());
    add(3, "u=5", 1);
    assertNull(order.only());
    order.remove(order.poll());
    assertEquals(3, order.only().id());
  }

  @Test
  void changedPriority_moves() {
    add(1, "u=5", 1);
    Sender late = new Sender(3, 1);
    order.add(late);
    order.change(late, Priority.parse("u=6"));

    assertEquals(List.of(1, 3), sent(10));
  }

  @Test
  void streamThatIsAddedTwice_isThereOnce() {
    Sender stream = new Sender(1, 1);
    order.add(stream);
    order.add(stream);

    assertEquals(List.of(1), sent(10));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "u=1|1|false",
        "i|3|true",
        "u=7, i|7|true",
        "u=7,i=?0|7|false",
        "i=?1;x=1 , u=2;y|2|true",
        "u=8|3|false",
        "u=/|3|false",
        "u=0|0|false",
        "u=-1|3|false",
        ";u=1|3|false",
        "u|3|false",
        "nonsense, u=0|0|false",
        "''|3|false"
      })
  void priority_isParsedAndDefaultsReplaceWhatIsNot(String text, int urgency, boolean incremental) {
    assertEquals(new Priority(urgency, incremental), Priority.parse(text));
  }
}
