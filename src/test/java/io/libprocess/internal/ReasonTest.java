package io.libprocess.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
