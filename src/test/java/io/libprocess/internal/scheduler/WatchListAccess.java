package io.libprocess.internal.scheduler;

/** Lets tests of other packages do what watchdogs do. */
public final class WatchListAccess {

  private WatchListAccess() {}

  public static void look() {
    WatchList.look(System.nanoTime());
  }
}
