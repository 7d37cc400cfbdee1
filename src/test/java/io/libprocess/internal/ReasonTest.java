package io.libprocess.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.libprocess.support.Indescribable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

class ReasonTest {

  @Test
  void reason_isTheMessage() {
    assertEquals("No space left", Reason.of(new IOException("No space left")));
  }

  @Test
  void reason_withoutAMessageIsTheClass() {
    assertEquals(
        "java.nio.channels.ClosedChannelException", Reason.of(new ClosedChannelException()));
  }

  @Test
  void reason_ofAFailureThatCannotSayWhatItIsIsItsClass() {
    assertEquals(Indescribable.class.getName(), Reason.of(new Indescribable()));
    assertEquals(Indescribable.class.getName(), Reason.description(new Indescribable()));
    assertNull(Reason.message(new Indescribable()));
  }

  @Test
  void description_tellsTheClassAndTheMessage() {
    assertEquals("java.io.IOException: full", Reason.description(new IOException("full")));
    assertEquals("full", Reason.message(new IOException("full")));
    assertNull(Reason.message(new IOException()));
  }
}
