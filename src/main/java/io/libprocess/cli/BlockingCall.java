package io.libprocess.cli;

import io.libprocess.http.Response;

/** A stand-in for an old API that blocks the calling thread. */
final class BlockingCall {

  private BlockingCall() {}

  static Response answerAfter(int milliseconds) throws InterruptedException {
    Thread.sleep(milliseconds); // Blocking is the purpose of this demonstration.
    return Response.ok("after " + milliseconds + " ms\n");
  }
}
