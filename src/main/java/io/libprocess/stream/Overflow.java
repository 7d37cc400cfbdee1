package io.libprocess.stream;

/** The ways in which a buffer treats an element for which it has no room. */
public enum Overflow {
  /** It never asks for more elements than it has room for, so there is none. */
  BACKPRESSURE,
  /** It drops the element that it has held longest. */
  DROP_OLDEST,
  /** It drops the element that has just arrived. */
  DROP_NEWEST,
  /** It fails, after the elements that it holds have been sent. */
  FAIL
}
