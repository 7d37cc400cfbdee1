package io.libprocess.http.http2;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class UnfinishedBodiesTest {

  private static final long MEGABYTE = 1 << 20;
  private static final long LIMIT = 10 * MEGABYTE;

  private final UnfinishedBodies bodies = new UnfinishedBodies(8 * LIMIT);

  @Test
  void oneConnection_mayHaveAll() {
    UnfinishedBodies.Part part = bodies.new Part();
    assertFalse(part.refuses(LIMIT));
    assertTrue(part.refuses(LIMIT + 1));
    part.add(4 * MEGABYTE);
    assertFalse(part.refuses(6 * MEGABYTE));
    assertTrue(part.refuses(6 * MEGABYTE + 1));
    part.add(-MEGABYTE);
    assertFalse(part.refuses(6 * MEGABYTE + 1));
  }

  @Test
  void connections_thatHaveLessThanTheirPartAreNotRefused() {
    UnfinishedBodies.Part greedy = bodies.new Part();
    UnfinishedBodies.Part modest = bodies.new Part();
    assertFalse(greedy.refuses(LIMIT)); // While nobody else has any.
    greedy.add(LIMIT);
    assertFalse(greedy.isShort());
    assertTrue(greedy.refuses(1));
    assertFalse(modest.refuses(5 * MEGABYTE));
    assertTrue(modest.refuses(5 * MEGABYTE + 1));
    modest.add(1);
    assertTrue(modest.isShort());
  }

  @Test
  void close_givesBackThePart() {
    UnfinishedBodies.Part other = bodies.new Part();
    UnfinishedBodies.Part part = bodies.new Part();
    part.add(LIMIT + 1);
    assertTrue(other.isShort());
    part.close();
    assertFalse(other.isShort());
    assertFalse(other.refuses(LIMIT));
    assertTrue(other.refuses(LIMIT + 1));
    UnfinishedBodies.Part third = bodies.new Part();
    third.add(LIMIT);
    assertFalse(other.refuses(5 * MEGABYTE)); // An equal part of two connections, not of three.
    assertTrue(other.refuses(5 * MEGABYTE + 1));
  }

  @Test
  void limit_isAtLeastEightMegabytes() {
    UnfinishedBodies.Part part = new UnfinishedBodies(1).new Part();
    assertFalse(part.refuses(8 * MEGABYTE));
    assertTrue(part.refuses(8 * MEGABYTE + 1));
  }
}
