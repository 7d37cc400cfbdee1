package io.libprocess.internal;

import java.util.function.LongSupplier;

/**
 * A part of the runtime that counts what it does, and shows the counts to whoever collects them.
 */
public interface Counted {

  /** Collects counts; their names follow that of the library. */
  interface Collector {

    /** Shows how often something has happened. */
    void counter(String name, String help, LongSupplier count);

    /** Shows how much there is of something. */
    void gauge(String name, String help, LongSupplier value);
  }

  /** Shows all counts; the suppliers may be asked at any time and by any thread. */
  void showTo(Collector collector);
}
