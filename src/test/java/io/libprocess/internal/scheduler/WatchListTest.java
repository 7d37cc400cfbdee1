package io.libprocess.internal.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.support.Expect;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The objects that the watchdogs check in addition to the workers. */
class WatchListTest {

  private static WeakReference<Object> watchedAndLeftAlone() {
    byte[] large = new byte[1 << 20];
    WatchList.Watched watched = now -> large[0]++;
    WatchList.add(watched);
    return new WeakReference<>(watched);
  }

  @Test
  void whatIsLeftAlone_isNotKept() {
    WeakReference<Object> left = watchedAndLeftAlone();

    for (int i = 0; i < 10 * Expect.SECONDS && !left.refersTo(null); i++) {
      System.gc();
    }

    assertTrue(left.refersTo(null));
  }

  @Test
  void whatIsAddedTwice_isLookedAtOnceAndNoMoreWhenItIsRemoved() {
    AtomicInteger looks = new AtomicInteger();
    WatchList.Watched watched = now -> looks.addAndGet(now == Long.MIN_VALUE ? 1 : 0);
    WatchList.add(watched);
    WatchList.add(watched);
    WatchList.look(Long.MIN_VALUE);
    assertEquals(1, looks.get());

    WatchList.remove(watched);
    WatchList.look(Long.MIN_VALUE);
    assertEquals(1, looks.get());
  }
}
