package io.libprocess.web;

/** Finds the processes of a node by their ids. */
@FunctionalInterface
public interface Directory {

  /** The process that currently has an id; null if there is none. Any thread may call this. */
  Receiver find(String id);
}
