package io.libprocess.stream;

/** What a buffer does with an element that it has no room for. */
public enum Overflow {
  /** It does not ask for more than it has room for, so there is none. */
  BACKPRESSURE,
  /** It drops the element that it holds for longest. */
  DROP_OLDEST,
  /** It drops the element that has just come. */
  DROP_NEWEST,
  /** It fails, after the elements that it holds. */
  FAIL
}
