package io.libprocess.remote;

import io.libprocess.remote.links.Links;
import java.util.ArrayList;
import java.util.List;

/**
 * The links that the node at the other end of a connection is yet to be told of. A node of another
 * implementation is not told. Guarded by the lock of the {@link Peer}.
 */
final class Announcements {

  private final List<Links.Link> pending = new ArrayList<>(0);
  private boolean unwanted;
  private boolean due; // To be sent as soon as there is a channel.

  void add(Links.Link link) {
    if (!unwanted) {
      pending.add(link);
    }
  }

  boolean isEmpty() {
    return pending.isEmpty();
  }

  /** Has what there is sent as soon as there is a channel. */
  void becomeDue() {
    due = true;
  }

  boolean areDue() {
    return due && !pending.isEmpty();
  }

  /** Takes all out. */
  List<Links.Link> takeAll() {
    List<Links.Link> all = List.copyOf(pending);
    pending.clear();
    due = false;
    return all;
  }

  /** Notes that the other node does not know what an announcement is. */
  void areUnwanted() {
    unwanted = true;
    pending.clear();
  }
}
