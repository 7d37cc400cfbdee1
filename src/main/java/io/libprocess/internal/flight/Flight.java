package io.libprocess.internal.flight;

/**
 * Tells the flight recorder what happens. Who has something to tell looks at {@link #isOn} first,
 * which is one read of a field that is false unless somebody records.
 */
public final class Flight {

  private static volatile boolean on; // Written by the listener.
  private static volatile FlightSink sink = FlightSink.NONE;
  private static boolean prepared; // Guarded by the class.

  private Flight() {}

  /** Begins to listen whether somebody records, where the JVM has a flight recorder. */
  public static synchronized void prepare() {
    if (!prepared) {
      prepared = true;
      if (ModuleLayer.boot().findModule("jdk.jfr").isPresent()) {
        sink = JfrSink.listening();
      }
    }
  }

  /** Whether somebody records. */
  public static boolean isOn() {
    return on;
  }

  /** Called when that changes. */
  static void on(boolean recording) {
    on = recording;
  }

  /** Where to tell what happens. */
  public static FlightSink sink() {
    return sink;
  }
}
