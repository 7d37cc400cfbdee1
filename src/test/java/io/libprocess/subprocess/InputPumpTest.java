package io.libprocess.subprocess;

import static org.junit.jupiter.api.Assertions.assertSame;

import io.libprocess.stream.Chunk;
import io.libprocess.support.Expect;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;

class InputPumpTest {

  /** A writer must not wait for ever for a child. */
  @Test
  void writeThatFailsForWantOfMemory_endsTheInput() {
    OutOfMemoryError none = new OutOfMemoryError("for a test");
    OutputStream target =
        new OutputStream() {
          @Override
          public void write(int b) {
            throw none;
          }
        };
    InputPump pump = new InputPump(target, Runnable::run, () -> {});
    pump.start();
    pump.writer().write(Chunk.utf8("x"));

    assertSame(none, Expect.ready(pump.writer().readerClosed()).orElseThrow());
  }
}
