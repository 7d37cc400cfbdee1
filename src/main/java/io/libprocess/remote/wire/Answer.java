package io.libprocess.remote.wire;

/**
 * Another node's answer to a request.
 *
 * @param status the response's status
 * @param link whether the response has the field {@link MessageEncoder#LINK}: only nodes of this
 *     library send it, and only to announcements
 * @param end the value of the field {@link MessageEncoder#END}, or null: the end of the process
 *     that an announcement is about
 */
public record Answer(int status, boolean link, String end) {

  /** Whether the request was accepted. */
  public boolean isSuccess() {
    return status < 300;
  }

  /** Whether the answer means that there is no such process. */
  public boolean isNoProcess() {
    return status == 404;
  }
}
