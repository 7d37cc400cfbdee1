package io.libprocess.web;

/** Knows the processes of a node by their ids. */
@FunctionalInterface
public interface Directory {

  /** The process that has an id now, by any thread; null if there is none. */
  Receiver find(String id);
}
