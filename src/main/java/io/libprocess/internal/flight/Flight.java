package io.libprocess.internal.flight;

/**
 * Passes events to the flight recorder. A caller first checks {@link #isOn}, which is one read of a
 * field that is false unless a recording runs.
 */
public final class Flight {

  private static volatile boolean on; // Written by the listener.
  private static volatile FlightSink sink = FlightSink.NONE;
  private static boolean prepared; // Guarded by the class's monitor.

  private Flight() {}

  /** Begins to listen for recordings, if the JVM has a flight recorder. */
  public static synchronized void prepare() {
    if (!prepared) {
      prepared = true;
      if (ModuleLayer.boot().findModule("jdk.jfr").isPresent()) {
        sink = JfrSink.listening();
      }
    }
  }

  /** Whether a recording runs. */
  public static boolean isOn() {
    return on;
  }

  /** Called when that changes. */
  static void on(boolean recording) {
    on = recording;
  }

  /** The sink for events. */
  public static FlightSink sink() {
    return sink;
  }
}
