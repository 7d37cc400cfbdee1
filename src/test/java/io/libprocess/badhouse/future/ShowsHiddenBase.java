package io.libprocess.badhouse.future;

import io.libprocess.badhouse.internal.Hidden;

/** Not seen itself, but its members are, in what extends it. */
class ShowsHiddenBase {
  public Hidden inherited() {
    return null;
  }
}
