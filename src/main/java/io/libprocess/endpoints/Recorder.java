package io.libprocess.endpoints;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Records what the JVM does: the flight recorder, where there is one. All methods may block, and
 * may be called from any thread.
 */
public interface Recorder {

  /** What is recorded. */
  enum Kind {
    /** Where processor time is spent. */
    CPU,
    /** Where memory is allocated. */
    ALLOCATIONS
  }

  /** A recording that goes on until it is ended, once. */
  interface Run {

    /**
     * Ends it and writes it to a file, in place of what is there. If that fails it can be tried
     * again.
     */
    void endInto(Path file) throws IOException;

    /** Ends it and forgets what was recorded. */
    void drop();
  }

  /**
   * Begins to record.
   *
   * @throws Exception if the JVM cannot record now
   */
  Run start(Kind kind) throws Exception;

  /**
   * The stacks of a recording with what each weighs: samples of the processor, or bytes that were
   * allocated.
   *
   * @return by the methods from the outermost to the innermost, separated by semicolons; before the
   *     first is the thread, behind the last the class that was allocated
   */
  Map<String, Long> stacks(Path file, Kind kind) throws IOException;

  /** That of this JVM, if it has the module {@code jdk.jfr}. */
  static Optional<Recorder> ofJvm() {
    return ModuleLayer.boot().findModule("jdk.jfr").isPresent()
        ? Optional.of(new JfrRecorder())
        : Optional.empty();
  }
}
