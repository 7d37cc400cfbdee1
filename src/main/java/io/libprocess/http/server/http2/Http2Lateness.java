package io.libprocess.http.server.http2;

import io.libprocess.http.Status;
import io.libprocess.http.StatusException;
import io.libprocess.http.http2.StreamTable;
import io.libprocess.http.http2.frame.AbuseRule;
import io.libprocess.http.http2.frame.ErrorCode;
import io.libprocess.http.http2.frame.Http2Exception;
import java.io.IOException;

/**
 * Ends what a client holds up for too long while it has requests: bodies that do not arrive, those
 * whose windows it opens too slowly, and the connection if it has gone without a word. Used by the
 * thread that works on the connection.
 */
final class Http2Lateness {

  private final Http2Connection connection;
  private final StreamTable<Http2Stream> streams;
  private final Http2Times times;
  private final Http2Frames frames;
  private final Http2Output output;
  private final Http2Windows windows;

  Http2Lateness(
      Http2Connection connection,
      StreamTable<Http2Stream> streams,
      Http2Times times,
      Http2Frames frames,
      Http2Output output,
      Http2Windows windows) {
    this.connection = connection;
    this.streams = streams;
    this.times = times;
    this.frames = frames;
    this.output = output;
    this.windows = windows;
  }

  /** Looks at all streams, and at the silence of the client. */
  void check() {
    if (times.isDead(connection.arrivedAt())) {
      connection.died(new IOException("it has not answered a ping"));
      return;
    }
    if (times.isSilent(connection.arrivedAt())) {
      output.writer.ping(Http2Times.ALIVE, false);
      times.pinged();
    }
    for (Http2Stream stream : streams.all()) {
      if (stream.awaitsMore() && times.isBodyOverdue(stream.progress)) {
        bodyTimeOut(stream);
      } else if (output.isHeldUp(stream)
          && times.isUntakenTooLong(stream.exchange.heldByAnswer(), stream.movedAt)) {
        dribbles(stream);
      } else {
        windows.shrink(stream);
      }
    }
  }

  /** Gives up a response of which the client takes hardly anything. */
  private void dribbles(Http2Stream stream) {
    String late = "the client opens its windows too slowly";
    connection.exceeded(AbuseRule.WINDOW_TIME, "a stream ends: " + late);
    try {
      frames.chargeReset(stream);
      connection.reset(stream, ErrorCode.CANCEL, new IOException(late));
    } catch (Http2Exception e) {
      connection.fail(e);
    }
  }

  private void bodyTimeOut(Http2Stream stream) {
    StatusException late =
        new StatusException(Status.REQUEST_TIMEOUT, "The request did not arrive in time");
    connection.exceeded(AbuseRule.BODY_TIME, "a stream ends: its body came too slowly");
    if (stream.headSent) {
      connection.reset(stream, ErrorCode.CANCEL, late);
    } else {
      stream.body.fail(late); // Its reader answers.
    }
  }
}
