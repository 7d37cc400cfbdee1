package io.libprocess.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OwnedTest {

  private final StringBuilder object = new StringBuilder("hello");
  private final List<Object> ended = new ArrayList<>();

  @Test
  void access() {
    Owned<StringBuilder> owned = new Owned<>(object);
    owned.get().append(" world");
    assertEquals("hello world", owned.get().toString());
  }

  @Test
  void nullHandle() {
    Owned<StringBuilder> empty = new Owned<>();
    assertTrue(empty.isEmpty());
    assertTrue(empty.copy().isEmpty());
    assertEquals(
        "the handle is empty", assertThrows(IllegalStateException.class, empty::get).getMessage());
    assertTrue(empty.share().isEmpty());
    assertEquals(Optional.empty(), empty.release());
    empty.close();
  }

  @Test
  void share() {
    Owned<StringBuilder> owned = new Owned<>(object);
    Shared<StringBuilder> shared = owned.share();
    assertTrue(owned.isEmpty());
    assertSame(object, shared.get());
    assertTrue(shared.isUnique());

    try (Shared<StringBuilder> copy = shared.copy()) {
      assertFalse(shared.isUnique());
      assertFalse(copy.isUnique());
    }
    assertTrue(shared.isUnique());
  }

  @Test
  void release() {
    Owned<StringBuilder> owned = new Owned<>(object, ended::add);
    assertSame(object, owned.release().orElseThrow());
    assertTrue(owned.isEmpty());
    assertEquals(List.of(), ended);
  }

  @Test
  void copy_isUselessAfterAnotherHandleSharedTheObject() {
    Owned<StringBuilder> owned = new Owned<>(object);
    Owned<StringBuilder> copy = owned.copy();
    owned.share();

    assertFalse(copy.isEmpty());
    assertEquals(
        "the object was shared or released through another handle",
        assertThrows(IllegalStateException.class, copy::get).getMessage());
    assertTrue(copy.share().isEmpty());
    assertEquals(Optional.empty(), copy.release());
  }

  @Test
  void close_ofTheLastHandleEndsTheObject() {
    Owned<StringBuilder> owned = new Owned<>(object, ended::add);
    Owned<StringBuilder> copy = owned.copy();
    owned.close();
    owned.close();
    assertTrue(owned.isEmpty());
    assertTrue(owned.copy().isEmpty());
    assertEquals(List.of(), ended);

    assertSame(object, copy.get());
    copy.close();
    assertEquals(List.of(object), ended);
  }

  @Test
  void equality_isThatOfTheHandles() {
    Owned<StringBuilder> owned = new Owned<>(object);
    Owned<StringBuilder> copy = owned.copy();

    assertEquals(owned, copy);
    assertEquals(owned.hashCode(), copy.hashCode());
    assertNotEquals(owned, new Owned<>(object));
    assertEquals(new Owned<>(), new Owned<>());
    assertThrows(NullPointerException.class, () -> new Owned<String>((String) null));
  }
}
