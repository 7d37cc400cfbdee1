package io.libprocess.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedTest {

  private final StringBuilder object = new StringBuilder("hello");
  private final List<Object> ended = new ArrayList<>();

  @Test
  void constAccess() {
    Shared<CharSequence> shared = new Shared<>(object);
    assertEquals(5, shared.get().length());
  }

  @Test
  void nullHandle() {
    Shared<StringBuilder> empty = new Shared<>();
    assertTrue(empty.isEmpty());
    assertTrue(empty.copy().isEmpty());
    assertFalse(empty.isUnique());
    assertThrows(IllegalStateException.class, empty::get);
    assertTrue(empty.own().get().isEmpty());
    empty.close();
  }

  @Test
  void reset() {
    Shared<StringBuilder> first = new Shared<>(object);
    Shared<StringBuilder> second = first.copy();
    assertFalse(first.isUnique());
    assertFalse(second.isUnique());

    first.close();
    assertTrue(first.isEmpty());
    assertFalse(first.isUnique());
    assertTrue(second.isUnique());
    assertSame(object, second.get());
  }

  @Test
  void own() {
    Shared<StringBuilder> first = new Shared<>(object);
    Shared<StringBuilder> second = first.copy();
    Future<Owned<StringBuilder>> owner = first.own();
    assertTrue(first.isEmpty());
    assertTrue(owner.isPending());

    Future<Owned<StringBuilder>> late = second.own();
    assertEquals("Ownership has already been transferred", late.failure().getMessage());
    assertFalse(second.isEmpty());
    assertTrue(owner.isPending());

    second.close();
    assertSame(object, owner.get().get());
  }

  @Test
  void own_ofAUniqueHandleIsReady() {
    assertSame(object, new Shared<>(object).own().get().get());
  }

  @Test
  void own_ignoresADiscard() {
    Shared<StringBuilder> first = new Shared<>(object);
    Shared<StringBuilder> second = first.copy();
    Future<Owned<StringBuilder>> owner = first.own();
    owner.discard();
    second.close();

    assertSame(object, owner.get().get());
  }

  @Test
  void share_ownShareOwnKeepsTheObjectAndItsEnd() {
    Owned<StringBuilder> owned = new Owned<>(object, ended::add);
    for (int i = 0; i < 3; i++) {
      Shared<StringBuilder> shared = owned.share();
      Shared<StringBuilder> copy = shared.copy();
      Future<Owned<StringBuilder>> next = copy.own();
      shared.close();
      owned = next.get();
    }
    assertSame(object, owned.get());
    assertEquals(List.of(), ended);
    owned.share().close();
    assertEquals(List.of(object), ended);
  }

  @Test
  void close_twiceCountsOnce() {
    Shared<StringBuilder> first = new Owned<>(object, ended::add).share();
    Shared<StringBuilder> second = first.copy();
    first.close();
    first.close();
    assertEquals(List.of(), ended);
    second.close();
    assertEquals(List.of(object), ended);
  }

  @Test
  void equality_isThatOfTheHandles() {
    Shared<StringBuilder> shared = new Shared<>(object);
    Shared<StringBuilder> copy = shared.copy();

    assertEquals(shared, copy);
    assertEquals(shared.hashCode(), copy.hashCode());
    assertNotEquals(shared, new Shared<>(object));
    assertEquals(new Shared<>(), new Shared<>());
  }
}
