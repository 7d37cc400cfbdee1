package io.libprocess.badhouse.sync;

import io.libprocess.badhouse.metrics.Right;

/** One half of a cycle of packages. */
public final class Left {
  Right right;
}
