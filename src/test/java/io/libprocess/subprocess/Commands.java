package io.libprocess.subprocess;

import io.libprocess.future.Future;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.support.Expect;

/** Runs commands that have to start. */
final class Commands {

  private Commands() {}

  static Subprocess started(Command command) {
    return Expect.ready(command.start());
  }

  static int exitCode(Command command) {
    return Expect.ready(started(command).status()).code();
  }

  /** The remaining content of a pipe. */
  static Future<String> text(Pipe.Reader<Chunk> reader) {
    return reader.toList().map(chunks -> Chunk.join(chunks).utf8());
  }
}
