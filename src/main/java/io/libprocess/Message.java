package io.libprocess;

/**
 * A message from one process to another.
 *
 * @param from the sender; {@link UPID#NONE} if it was posted from outside any process
 * @param to the receiver
 * @param name the kind of message: see {@link Process#install}
 * @param body the bytes, which must not be changed
 */
public record Message(UPID from, UPID to, String name, byte[] body) {

  @Override
  public String toString() {
    return name + "(" + body.length + " bytes) from " + from + " to " + to;
  }
}
