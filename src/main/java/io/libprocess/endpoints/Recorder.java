package io.libprocess.endpoints;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A recorder of the JVM's activity: the flight recorder, if there is one. All methods may block,
 * and may be called from any thread.
 */
public interface Recorder {

  /** The kinds of recordings. */
  enum Kind {
    /** Where processor time is spent. */
    CPU,
    /** Where memory is allocated. */
    ALLOCATIONS
  }

  /** A recording that goes on until it is ended, once. */
  interface Run {

    /**
     * Ends the recording and writes it to a file, replacing an existing one. If that fails, it can
     * be tried again.
     */
    void endInto(Path file) throws IOException;

    /** Ends the recording and drops it. */
    void drop();
  }

  /**
   * Begins a recording.
   *
   * @throws Exception if the JVM cannot record now
   */
  Run start(Kind kind) throws Exception;

  /**
   * The stacks of a recording with their weights: processor samples, or allocated bytes.
   *
   * @return the weights by stack: the methods from the outermost to the innermost, separated by
   *     semicolons, preceded by the thread and followed by the allocated class, if any
   */
  Map<String, Long> stacks(Path file, Kind kind) throws IOException;

  /** The recorder of this JVM, if it has the module {@code jdk.jfr}. */
  static Optional<Recorder> ofJvm() {
    return ModuleLayer.boot().findModule("jdk.jfr").isPresent()
        ? Optional.of(new JfrRecorder())
        : Optional.empty();
  }
}
