package io.libprocess.internal;

import java.util.function.LongSupplier;

/** A part of the runtime that counts its work, and shows the counts to a collector. */
public interface Counted {

  /** Collects counts; their names follow that of the library. */
  interface Collector {

    /** Adds a count of events. */
    void counter(String name, String help, LongSupplier count);

    /** Adds a current amount. */
    void gauge(String name, String help, LongSupplier value);
  }

  /** Shows all counts; the suppliers may be called at any time and by any thread. */
  void showTo(Collector collector);
}
