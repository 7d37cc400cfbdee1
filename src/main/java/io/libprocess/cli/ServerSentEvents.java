package io.libprocess.cli;

import io.libprocess.stream.Chunk;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;

/**
 * Takes server-sent events apart, as far as nodes send them: an event's name and one line of data.
 */
final class ServerSentEvents {

  private static final String NAME = "event: ";
  private static final String DATA = "data: ";

  private final BiConsumer<String, String> receiver;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private String name = "message";

  /** Gives names and data to a receiver. */
  ServerSentEvents(BiConsumer<String, String> receiver) {
    this.receiver = receiver;
  }

  /** Takes the next bytes. */
  void take(Chunk bytes) {
    byte[] array = bytes.toArray();
    for (byte one : array) {
      if (one == '\n') {
        lineEnded(line.toString(StandardCharsets.UTF_8));
        line.reset();
      } else {
        line.write(one);
      }
    }
  }

  private void lineEnded(String text) {
    if (text.startsWith(NAME)) {
      name = text.substring(NAME.length());
    } else if (text.startsWith(DATA)) {
      receiver.accept(name, text.substring(DATA.length()));
    } else if (text.isEmpty()) {
      name = "message";
    }
  }
}
