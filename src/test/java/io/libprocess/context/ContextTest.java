package io.libprocess.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The current context is changed for the duration of a call only. */
class ContextTest {

  private static final ContextKey<String> NAME = ContextKey.local("name");
  private static final ContextKey<Integer> NUMBER = ContextKey.local("number");

  @Test
  void values_areThereDuringTheCallOnly() {
    assertTrue(Context.current().isEmpty());
    String seen = Context.with(NAME, "a", () -> NAME.current().orElseThrow());
    assertEquals("a", seen);
    assertSame(Context.empty(), Context.current());
  }

  @Test
  void nestedValues_hideThoseOutside() {
    Context.with(
        NAME,
        "a",
        () -> {
          Context.with(
              NAME,
              "b",
              () ->
                  Context.with(
                      NUMBER,
                      1,
                      () -> {
                        assertEquals(Optional.of("b"), NAME.current());
                        assertEquals(Optional.of(1), NUMBER.current());
                        return null;
                      }));
          assertEquals(Optional.of("a"), NAME.current());
          assertEquals(Optional.empty(), NUMBER.current());
          return null;
        });
  }

  @Test
  void clear_hidesOneKey() {
    Context both = Context.empty().with(NAME, "a").with(NUMBER, 1);
    both.run(
        () -> {
          Context.clear(
              NAME,
              () -> {
                assertEquals(List.of(NUMBER), Context.current().keys());
                return null;
              });
          assertSame(both, Context.current());
        });
    assertSame(Context.empty(), both.without(NAME).without(NUMBER));
    assertSame(both, both.without(ContextKey.local("name")), "keys are compared by identity");
  }

  @Test
  void exceptions_leaveTheContextAsItWas() {
    Context outer = Context.empty().with(NAME, "a");
    outer.run(
        () -> {
          assertThrows(
              IOException.class,
              () ->
                  Context.with(
                      NAME,
                      "b",
                      () -> {
                        throw new IOException();
                      }));
          assertSame(outer, Context.current());
        });
    assertTrue(Context.current().isEmpty());
  }

  @Test
  void boundTasks_runInTheirContext() throws InterruptedException {
    String[] seen = new String[1];
    Runnable bound = Context.empty().with(NAME, "a").bind(() -> seen[0] = NAME.current().get());
    Thread thread = new Thread(bound);
    thread.start();
    thread.join();
    assertEquals("a", seen[0]);
  }

  @Test
  void texts_showNoValues() {
    assertEquals(
        "Context[name, number]",
        Context.empty().with(NAME, "secret").with(NUMBER, 1).with(NAME, "x").toString());
  }

  @Test
  void broadcastKeys_areFoundByTheirIdsOnly() {
    ContextKey<Deadline> key = Deadline.KEY;
    assertSame(key, ContextKey.broadcast("COM.twitter.finagle.deadline").orElseThrow());
    assertEquals(Optional.empty(), ContextKey.broadcast("name"));
    assertThrows(
        IllegalStateException.class,
        () -> ContextKey.broadcast("com.twitter.finagle.Deadline", key.codec().get()));
    for (String id : List.of("", "a b", "a:b", "\u00e9")) {
      assertThrows(
          IllegalArgumentException.class, () -> ContextKey.broadcast(id, key.codec().get()));
    }
  }
}
