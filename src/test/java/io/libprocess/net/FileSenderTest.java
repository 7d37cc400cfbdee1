package io.libprocess.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.future.Future;
import io.libprocess.support.Expect;
import java.nio.file.Path;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class FileSenderTest {

  /** It need not be because the node is closed. */
  @Test
  void readThatCannotBeBegun_saysWhy() {
    FileSender sender =
        new FileSender(
            null,
            call -> {
              throw new RejectedExecutionException("no thread can be started");
            },
            Path.of("file"),
            0,
            1);

    Future<Long> sent = sender.start();

    assertEquals("no thread can be started", Expect.failureText(sent));
  }
}
