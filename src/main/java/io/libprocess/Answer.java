package io.libprocess;

/**
 * What another node said to a request.
 *
 * @param status of the response
 * @param link whether the response has the field {@link MessageEncoder#LINK}: only nodes of ours
 *     send it, and only to announcements
 */
record Answer(int status, boolean link) {

  boolean isSuccess() {
    return status < 300;
  }
}
