package io.libprocess.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ThreadKindTest {

  private static ThreadKind of(String text) {
    return ThreadKind.of(Variables.of(Map.of(ThreadKind.VARIABLE, text), name -> null));
  }

  @Test
  void variable_saysTheKind() {
    assertEquals(ThreadKind.PLATFORM, of("platform"));
    assertEquals(ThreadKind.VIRTUAL, of("Virtual"));
    assertEquals(ThreadKind.AUTO, of("auto"));
    assertEquals(ThreadKind.AUTO, ThreadKind.of(Variables.of(name -> null)));
    String text = assertThrows(IllegalArgumentException.class, () -> of("green")).getMessage();
    assertEquals("LIBPROCESS_ASYNC_THREADS: not auto, virtual or platform: 'green'", text);
  }

  @Test
  void platform_isNeverVirtual() {
    assertFalse(ThreadKind.PLATFORM.areVirtual());
    assertTrue(ThreadKind.VIRTUAL.areVirtual());
    assertEquals(Runtime.version().feature() >= 24, ThreadKind.AUTO.areVirtual());
  }
}
