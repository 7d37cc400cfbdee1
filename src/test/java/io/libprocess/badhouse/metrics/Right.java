package io.libprocess.badhouse.metrics;

import io.libprocess.badhouse.sync.Left;

/** The other half of a cycle of packages. */
public final class Right {
  Left left;
}
