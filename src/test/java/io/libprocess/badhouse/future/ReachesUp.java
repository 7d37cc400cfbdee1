package io.libprocess.badhouse.future;

import io.libprocess.badhouse.net.Wall;

/** Uses a room above its own. */
final class ReachesUp {
  Wall wall;
}
