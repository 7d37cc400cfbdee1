package io.libprocess.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The wheel compared with a model that sorts: the same timers come out, in the same order. */
class TimerWheelTest {

  private static final long TICK = 1L << 18;

  private static Timer timer(long deadline) {
    return new Timer(Clock.system(), deadline, () -> {});
  }

  private static List<Timer> take(TimerWheel wheel, long now) {
    ArrayList<Timer> due = new ArrayList<>();
    Timer timer = wheel.take(now);
    while (timer != null) {
      due.add(timer);
      Timer next = timer.next;
      timer.next = null;
      timer = next;
    }
    return due;
  }

  /** Steps a wheel and a sorted map of deadlines to timers in the order of creation. */
  private static final class Model {
    final Random random;
    final TimerWheel wheel;
    final TreeMap<Long, List<Timer>> pending = new TreeMap<>();
    final List<Timer> handles = new ArrayList<>();
    long now;

    Model(long seed, long now) {
      this.random = new Random(seed);
      this.now = now;
      this.wheel = new TimerWheel(now);
    }

    /** Small and large numbers alike, often next to the border of a slot. */
    long distance(int bits) {
      long distance = random.nextLong() >>> 1 >>> 63 - bits + random.nextInt(bits);
      if (random.nextInt(4) == 0) {
        int border = 18 + 6 * random.nextInt(8);
        long next = (Nanos.sum(now, distance) | (1L << border) - 1) + random.nextInt(3) - 1;
        return Math.max(0, next - now);
      }
      return distance;
    }

    void add(int bits) {
      long deadline =
          random.nextInt(8) == 0 && !handles.isEmpty()
              ? handles.get(random.nextInt(handles.size())).deadline
              : Nanos.sum(now, distance(bits));
      Timer timer = timer(deadline);
      wheel.add(timer, now);
      pending.computeIfAbsent(deadline, d -> new ArrayList<>()).add(timer);
      handles.add(timer);
    }

    void cancel() {
      Timer timer = handles.remove(random.nextInt(handles.size()));
      List<Timer> equal = pending.get(timer.deadline);
      boolean isPending = equal != null && equal.contains(timer);
      assertEquals(isPending, timer.slot != TimerWheel.NOWHERE);
      if (isPending) {
        wheel.remove(timer);
        equal.remove(timer);
        if (equal.isEmpty()) {
          pending.remove(timer.deadline);
        }
      }
    }

    void advance(int bits) {
      boolean toDeadline = random.nextBoolean() && !pending.isEmpty();
      long target = toDeadline ? pending.firstKey() - random.nextInt(2) : now + distance(bits);
      now = target < now ? now : target;
      List<Timer> expected = new ArrayList<>();
      pending.headMap(now, true).values().forEach(expected::addAll);
      pending.headMap(now, true).clear();
      if (random.nextBoolean()) {
        assertEquals(!expected.isEmpty(), wheel.isDue(now));
      }
      assertEquals(expected, take(wheel, now));
      checkNext();
    }

    void checkNext() {
      assertEquals(pending.isEmpty(), wheel.isEmpty());
      if (!pending.isEmpty()) {
        long first = pending.firstKey();
        assertTrue(wheel.earliest() <= first);
        assertTrue(wheel.next() > now, "would look again at once");
        assertTrue(wheel.next() - first < TICK, "would look too late");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 25, 32, 38, 44, 52, 61})
  void randomSteps_agreeWithTheModel(int bits) {
    int steps = 20_000 * Integer.getInteger("libprocess.stress", 1);
    for (long start : new long[] {0, Nanos.of(Instant.parse("2026-11-01T00:00:00Z")), -TICK}) {
      Model model = new Model(bits + start, start);
      for (int i = 0; i < steps; i++) {
        int action = model.random.nextInt(10);
        if (action < 5 || model.handles.isEmpty()) {
          model.add(bits);
        } else if (action < 8) {
          model.cancel();
        } else {
          // Short steps, so that the end of time is not reached at once.
          model.advance(Math.max(19, bits - 10));
        }
      }
      model.now = Nanos.MAX;
      assertEquals(
          model.pending.values().stream().flatMap(List::stream).toList(),
          take(model.wheel, Nanos.MAX));
      assertTrue(model.wheel.isEmpty());
    }
  }

  @Test
  void borderOfEveryLevel_isExact() {
    for (int level = 0; level < 8; level++) {
      long slot = TICK << 6 * level;
      for (long at : new long[] {slot - 1, slot, slot + 1, 63 * slot, slot << 5, (slot << 6) - 1}) {
        if (at <= 0) {
          continue; // Past the end of time.
        }
        for (long start : new long[] {0, 1, TICK - 1, -1, -slot}) {
          long deadline = Nanos.sum(Math.max(start, Nanos.MIN), at);
          TimerWheel wheel = new TimerWheel(start);
          Timer timer = timer(deadline);
          wheel.add(timer, start);
          assertEquals(List.of(), take(wheel, deadline - 1));
          assertFalse(wheel.isDue(deadline - 1));
          assertTrue(wheel.isDue(deadline));
          assertEquals(List.of(timer), take(wheel, deadline));
        }
      }
    }
  }

  @Test
  void cascade_passesEveryLevelAndKeepsTheOrder() {
    TimerWheel wheel = new TimerWheel(Nanos.MIN);
    long deadline = Nanos.MAX - 12345;
    List<Timer> timers = new ArrayList<>();
    long now = Nanos.MIN;
    // Each timer is added from closer by, so each starts at a lower level than the one before it.
    for (int shift = 0; shift < 64; shift++) {
      Timer timer = timer(deadline);
      wheel.add(timer, now);
      timers.add(timer);
      long next = deadline - (-1L >>> shift >>> 1);
      if (next > now) {
        now = next;
      }
      assertFalse(wheel.isDue(Math.min(now, deadline - 1)));
    }
    assertEquals(timers, take(wheel, deadline));
  }

  @Test
  void farDeadlines_waitForTheirTime() {
    TimerWheel wheel = new TimerWheel(Nanos.MIN);
    Timer last = timer(Nanos.MAX);
    Timer middle = timer(0);
    wheel.add(last, Nanos.MIN);
    wheel.add(middle, Nanos.MIN);
    assertEquals(List.of(), take(wheel, -1));
    assertEquals(List.of(middle), take(wheel, Nanos.MAX - 1));
    assertEquals(Nanos.MAX, wheel.next());
    assertEquals(List.of(last), take(wheel, Nanos.MAX));
  }

  @Test
  void pastDeadline_isDueAtOnceAndFirst() {
    TimerWheel wheel = new TimerWheel(100 * TICK);
    Timer present = timer(100 * TICK);
    Timer past = timer(3 * TICK);
    Timer longPast = timer(Nanos.MIN);
    wheel.add(present, 100 * TICK);
    wheel.add(past, 100 * TICK);
    wheel.add(longPast, 100 * TICK);
    assertEquals(List.of(longPast, past, present), take(wheel, 100 * TICK));
  }

  @Test
  void sameTick_isTakenToTheNanosecond() {
    TimerWheel wheel = new TimerWheel(0);
    Timer late = timer(1000);
    Timer early = timer(999);
    Timer later = timer(1001);
    wheel.add(late, 0);
    wheel.add(early, 0);
    wheel.add(later, 0);
    assertEquals(List.of(early), take(wheel, 999));
    assertEquals(List.of(late), take(wheel, 1000));
    assertEquals(List.of(later), take(wheel, 1001));
  }

  @Test
  void remove_fromEveryPlaceOfASlot() {
    for (int first = 0; first < 3; first++) {
      TimerWheel wheel = new TimerWheel(0);
      List<Timer> timers = new ArrayList<>(List.of(timer(9), timer(9), timer(9)));
      timers.forEach(timer -> wheel.add(timer, 0));
      Timer removed = timers.remove(first);
      wheel.remove(removed);
      assertNull(removed.next);
      assertNull(removed.previous);
      assertEquals(timers, take(wheel, 9));
    }
  }

  @Test
  void removedTimers_leaveNoTrace() {
    TimerWheel wheel = new TimerWheel(0);
    Timer far = timer(Nanos.MAX);
    wheel.add(far, 0);
    wheel.remove(far);
    assertTrue(wheel.isEmpty());
    assertFalse(wheel.isDue(Nanos.MAX - TICK));
    Timer next = timer(Nanos.MAX);
    wheel.add(next, Nanos.MAX - TICK);
    assertEquals(List.of(next), take(wheel, Nanos.MAX));
  }

  @Test
  void clear_unlinksEverything() {
    TimerWheel wheel = new TimerWheel(0);
    List<Timer> timers = new ArrayList<>();
    for (int bits = 0; bits < 63; bits++) {
      timers.add(timer(1L << bits));
      timers.add(timer(1L << bits));
    }
    timers.forEach(timer -> wheel.add(timer, 0));
    wheel.clear();
    assertTrue(wheel.isEmpty());
    for (Timer timer : timers) {
      assertSame(TimerWheel.NOWHERE, timer.slot);
      assertNull(timer.next);
      assertNull(timer.previous);
      assertNull(timer.thunk);
    }
    assertEquals(List.of(), take(wheel, Nanos.MAX));
  }
}
