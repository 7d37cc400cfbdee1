package io.libprocess.badhouse.http.server;

import io.libprocess.badhouse.http.client.Room;

/** Uses a room on its own level. */
final class ReachesBeside {
  Room room;
}
