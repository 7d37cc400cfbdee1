package io.libprocess.http.http2;

import io.libprocess.future.Failure;
import io.libprocess.http.Body;
import io.libprocess.http.channel.OutgoingBody;
import io.libprocess.http.channel.Resumable;
import io.libprocess.http.channel.ServedFile;
import io.libprocess.http.grammar.ContentLength;
import io.libprocess.http.http2.frame.FrameWriter;
import io.libprocess.http.http2.frame.Http2Exception;
import io.libprocess.net.Transport;
import io.libprocess.stream.Chunk;

/**
 * The part of a body that has not been sent: bytes, a stream or a file. Used by the thread that
 * works on the connection.
 */
public final class OutgoingContent {

  private final ServedFile file; // Null if it is not a file.
  private final OutgoingBody stream; // Null if it is not a stream.
  private long left; // Bytes of a stream that are still to come, or ContentLength.UNKNOWN.
  private Chunk piece; // Null if there is none.
  private int from; // The piece has been sent up to here.
  private Chunk next; // The piece of the stream after that; null if it has not come.
  private Throwable failure; // Null if nothing has failed.

  private OutgoingContent(ServedFile file, OutgoingBody stream, Chunk piece, long left) {
    this.file = file;
    this.stream = stream;
    this.piece = piece;
    this.left = left;
  }

  /** Bytes, of which there must be some; they are released when they have been sent. */
  public static OutgoingContent of(Chunk bytes) {
    return new OutgoingContent(null, null, bytes, ContentLength.UNKNOWN);
  }

  /** A file of which something is left. */
  public static OutgoingContent of(ServedFile file) {
    return new OutgoingContent(file, null, null, ContentLength.UNKNOWN);
  }

  /**
   * A stream, which is started.
   *
   * @param length the announced length, or {@link ContentLength#UNKNOWN}
   * @param resumed is asked to go on when a piece has come
   */
  public static OutgoingContent of(
      Body.Streamed body, long length, Transport.Channel channel, Resumable resumed) {
    OutgoingBody stream = new OutgoingBody(body, resumed, channel.sendsFiles());
    stream.start();
    OutgoingContent content = new OutgoingContent(null, stream, null, length);
    content.pull();
    return content;
  }

  /** Takes the pieces of the stream that are there: the next one, and the one after it. */
  private void pull() {
    while (stream != null && next == null && failure == null) {
      Chunk polled = stream.poll();
      if (polled == null) {
        if (stream.isEnded()) {
          failure = stream.failure();
          if (failure == null && left > 0) {
            failure = new Failure("the stream is shorter than its Content-Length");
          }
        }
        return;
      }
      if (polled.isEmpty()) {
        polled.release();
        continue;
      }
      if (left != ContentLength.UNKNOWN) {
        left -= polled.size();
        if (left < 0) {
          polled.release();
          failure = new Failure("the stream is longer than its Content-Length");
          return;
        }
      }
      if (piece == null) {
        piece = polled;
      } else {
        next = polled;
      }
    }
  }

  /**
   * Why nothing more can be sent; null if nothing has failed, or a piece is left before that. That
   * the stream is to be reset counts at once: its peer may take no more pieces.
   */
  public Throwable failure() {
    boolean resets = stream != null && stream.failure() instanceof Http2Exception;
    return resets ? stream.failure() : piece == null ? failure : null;
  }

  /** Whether its bytes are only made, or read into memory, when they are asked for. */
  public boolean isStream() {
    return stream != null;
  }

  /** How many bytes can be sent now. */
  public int available() {
    if (file != null) {
      return (int) Math.min(file.left(), Integer.MAX_VALUE);
    }
    pull();
    return piece == null ? 0 : piece.size() - from;
  }

  /** Whether nothing follows the bytes that are available. */
  public boolean isLast() {
    return stream == null || next == null && failure == null && stream.isEnded();
  }

  /**
   * Sends bytes that are available, after the head of their frame.
   *
   * @throws java.io.UncheckedIOException if they are in a file that cannot be read
   */
  public void send(int count, FrameWriter writer) {
    if (file != null) {
      writer.put(file.part(count));
      return;
    }
    Chunk whole = piece;
    if (from == 0 && count == whole.size()) {
      piece = next;
      next = null;
      writer.put(whole);
      return;
    }
    int start = from;
    from += count;
    Chunk part = whole.slice(start, from);
    if (from == whole.size()) {
      piece = next;
      next = null;
      from = 0;
      whole.release();
    }
    writer.put(part);
  }

  /**
   * Gives up what has not been sent.
   *
   * @param cause the cause that the stream's source gets
   */
  public void close(Throwable cause) {
    if (file != null) {
      file.close();
    }
    if (stream != null) {
      stream.close(cause);
    }
    release(piece);
    release(next);
    piece = null;
    next = null;
  }

  private static void release(Chunk chunk) {
    if (chunk != null) {
      chunk.release();
    }
  }
}
