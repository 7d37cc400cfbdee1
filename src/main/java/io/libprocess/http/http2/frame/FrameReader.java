package io.libprocess.http.http2.frame;

import static io.libprocess.http.http2.frame.FrameType.ACK;
import static io.libprocess.http.http2.frame.FrameType.CONTINUATION;
import static io.libprocess.http.http2.frame.FrameType.END_HEADERS;
import static io.libprocess.http.http2.frame.FrameType.END_STREAM;
import static io.libprocess.http.http2.frame.FrameType.HEAD;
import static io.libprocess.http.http2.frame.FrameType.PADDED;
import static io.libprocess.http.http2.frame.FrameType.WITH_PRIORITY;

import io.libprocess.http.Limits;
import io.libprocess.http.grammar.Ascii;
import java.util.Arrays;

/**
 * Finds the frames in bytes as they arrive, and checks their shape: sizes, padding, on which stream
 * each may occur, and that nothing comes between the frames of a header block. Frames are parsed
 * where they are; only one that is cut by the end of the input is copied. For one thread at a time.
 */
public final class FrameReader {

  private static final int MOST_EMPTY_CONTINUATIONS = 1;
  private static final int LONGEST_TEXT = 256;
  private static final int LEAST_CAPACITY = 64;
  private static final int TYPE_AT = 3;
  private static final int PRIORITY_SIZE = 5;
  private static final int SETTING_SIZE = 6;
  private static final int HTTP_1 = 0x485454; // "HTT", with which its answers begin.
  private static final byte[] NONE = {};

  private final int maxFrame;
  private final int maxBlock;
  private final Limits.Bursts bursts;

  // Input that has not been looked at.
  private byte[] input = NONE;
  private int next;

  // The beginning of a frame that was cut.
  private byte[] cut = NONE;
  private int cutSize;
  private boolean begun; // The head of the frame has been checked.

  // The frame that is parsed: its head, and the place of its payload.
  private int type;
  private int flags;
  private int stream;
  private byte[] bytes = NONE;
  private int from;
  private int to;
  private int padding;

  // A header block of several frames.
  private int blockStream; // 0 if there is none.
  private boolean blockEndsStream;
  private int blockDependency;
  private int continuations;
  private int emptyContinuations;
  private byte[] block = NONE;
  private int blockSize;

  /**
   * Makes a reader.
   *
   * @param maxFrame the size of the largest payload of a frame
   * @param maxBlock the size of the largest header block
   * @param bursts how many frames a block, and entries the settings may have
   */
  public FrameReader(int maxFrame, int maxBlock, Limits.Bursts bursts) {
    this.maxFrame = maxFrame;
    this.maxBlock = maxBlock;
    this.bursts = bursts;
  }

  /** Takes over an array of input. All earlier input must have been parsed. */
  public void feed(byte[] more) {
    input = more;
    next = 0;
  }

  /** Whether a header block has begun and not ended. */
  public boolean isInsideBlock() {
    return blockStream != 0;
  }

  /** The bytes of memory that are held for a frame or header block that is not complete. */
  public int held() {
    return cut.length + block.length;
  }

  /** Those of them that are not for the content of a body. */
  public int heldForHeads() {
    boolean isData = begun && cut[TYPE_AT] == FrameType.DATA;
    return isData ? block.length : held();
  }

  /** Drops what has arrived: nothing more is parsed. */
  public void close() {
    input = NONE;
    next = 0;
    cut = NONE;
    cutSize = 0;
    bytes = NONE;
    block = NONE;
    blockSize = 0;
  }

  /**
   * Parses one frame.
   *
   * @return false if the input has ended before the frame, or in the middle of it
   * @throws Http2Exception an error in the frame, or one of the handler. After an error of a stream
   *     the next frame may be parsed
   */
  public boolean parse(FrameHandler handler) throws Http2Exception {
    if (!find()) {
      bytes = NONE; // The input must not stay.
      return false;
    }
    handler.frame(type, stream, to - from, flags);
    switch (type) {
      case FrameType.DATA -> {
        stripPadding();
        handler.data(stream, bytes, from, to, padding, has(END_STREAM));
      }
      case FrameType.HEADERS -> headers(handler);
      case CONTINUATION -> continuation(handler);
      case FrameType.PRIORITY -> priority(handler);
      case FrameType.RST_STREAM -> handler.rstStream(stream, intAt(from));
      case FrameType.SETTINGS -> settings(handler);
      case FrameType.PUSH_PROMISE -> handler.pushPromise(stream);
      case FrameType.PING ->
          handler.ping((long) intAt(from) << 32 | intAt(from + 4) & 0xFFFFFFFFL, has(ACK));
      case FrameType.GOAWAY -> handler.goAway(idAt(from), intAt(from + 4), printable(from + 8, to));
      case FrameType.WINDOW_UPDATE -> handler.windowUpdate(stream, idAt(from));
      case FrameType.PRIORITY_UPDATE -> priorityUpdate(handler);
      default -> handler.unknown(type, stream);
    }
    return true;
  }

  /* ------ Finding a frame ------ */

  /** Finds the next frame; false if the input does not have all of it. */
  private boolean find() throws Http2Exception {
    if (cutSize == 0) {
      int available = input.length - next;
      if (available >= HEAD) {
        int size = HEAD + readHead(input, next);
        if (available >= size) {
          bytes = input;
          from = next + HEAD;
          to = next + size;
          next += size;
          return true;
        }
        begun = true;
        complete(size);
        return false;
      }
    }
    if (cutSize < HEAD && !complete(HEAD)) {
      return false;
    }
    int size = HEAD + (begun ? length(cut, 0) : readHead(cut, 0));
    begun = true;
    if (!complete(size)) {
      return false;
    }
    begun = false;
    bytes = cut;
    from = HEAD;
    to = size;
    cut = NONE; // Not used again, as DATA is not copied.
    cutSize = 0;
    return true;
  }

  /** Copies input to the frame that was cut; false if it is shorter than a size afterwards. */
  private boolean complete(int size) {
    int count = Math.min(size - cutSize, input.length - next);
    if (cutSize + count > cut.length) {
      int wanted = Math.max(cutSize + count, Math.max(LEAST_CAPACITY, 2 * cutSize));
      cut = Arrays.copyOf(cut, cutSize + count == size ? size : wanted);
    }
    System.arraycopy(input, next, cut, cutSize, count);
    cutSize += count;
    next += count;
    if (next == input.length) {
      input = NONE;
      next = 0;
    }
    return cutSize == size;
  }

  private static int length(byte[] array, int at) {
    return (array[at] & 0xFF) << 16 | (array[at + 1] & 0xFF) << 8 | array[at + 2] & 0xFF;
  }

  /** Reads and checks the head of a frame; returns the size of the payload. */
  private int readHead(byte[] array, int at) throws Http2Exception {
    int length = length(array, at);
    type = array[at + 3] & 0xFF;
    flags = array[at + 4];
    stream = intAt(array, at + 5) & Integer.MAX_VALUE;
    if (length > maxFrame) {
      String what =
          length == HTTP_1 ? "the peer speaks HTTP/1.1" : "a frame of " + length + " octets";
      throw error(ErrorCode.FRAME_SIZE_ERROR, what);
    }
    checkBlock();
    checkStream();
    checkSize(length);
    return length;
  }

  private void checkBlock() throws Http2Exception {
    if (type == CONTINUATION ? stream != blockStream || stream == 0 : blockStream != 0) {
      throw error(
          ErrorCode.PROTOCOL_ERROR,
          blockStream == 0
              ? "CONTINUATION without a header block"
              : "a frame inside of a header block");
    }
  }

  private void checkStream() throws Http2Exception {
    boolean legal =
        switch (type) {
          case FrameType.DATA,
              FrameType.HEADERS,
              FrameType.PRIORITY,
              FrameType.RST_STREAM,
              FrameType.PUSH_PROMISE ->
              stream != 0;
          case FrameType.SETTINGS, FrameType.PING, FrameType.GOAWAY, FrameType.PRIORITY_UPDATE ->
              stream == 0;
          default -> true;
        };
    if (!legal) {
      throw error(ErrorCode.PROTOCOL_ERROR, "a frame of type " + type + " on the stream " + stream);
    }
  }

  private void checkSize(int length) throws Http2Exception {
    boolean legal =
        switch (type) {
          case FrameType.DATA -> length >= (has(PADDED) ? 1 : 0);
          case FrameType.HEADERS ->
              length >= (has(PADDED) ? 1 : 0) + (has(WITH_PRIORITY) ? PRIORITY_SIZE : 0);
          case FrameType.RST_STREAM, FrameType.WINDOW_UPDATE -> length == 4;
          case FrameType.SETTINGS -> has(ACK) ? length == 0 : length % SETTING_SIZE == 0;
          case FrameType.PUSH_PROMISE, FrameType.PRIORITY_UPDATE -> length >= 4;
          case FrameType.PING -> length == 8;
          case FrameType.GOAWAY -> length >= 8;
          default -> true;
        };
    if (!legal) {
      throw error(
          ErrorCode.FRAME_SIZE_ERROR,
          "a frame of type " + type + " must not have " + length + " octets");
    }
    if (type == FrameType.SETTINGS && length / SETTING_SIZE > bursts.settings()) {
      throw Http2Exception.calm(
          AbuseRule.SETTINGS, "more than " + bursts.settings() + " settings in one frame");
    }
  }

  private static Http2Exception error(ErrorCode code, String text) {
    return Http2Exception.connection(code, text);
  }

  private boolean has(int flag) {
    return (flags & flag) != 0;
  }

  private int intAt(int at) {
    return intAt(bytes, at);
  }

  /** A number of 31 bits; the bit before it is reserved. */
  private int idAt(int at) {
    return intAt(at) & Integer.MAX_VALUE;
  }

  private static int intAt(byte[] array, int at) {
    return array[at] << 24
        | (array[at + 1] & 0xFF) << 16
        | (array[at + 2] & 0xFF) << 8
        | array[at + 3] & 0xFF;
  }

  /* ------ Payloads ------ */

  private void stripPadding() throws Http2Exception {
    padding = 0;
    if (has(PADDED)) {
      int octets = bytes[from++] & 0xFF;
      if (octets > to - from) {
        throw error(ErrorCode.PROTOCOL_ERROR, "the padding is larger than the frame");
      }
      to -= octets;
      padding = octets + 1;
    }
  }

  private void headers(FrameHandler handler) throws Http2Exception {
    stripPadding();
    int dependency = -1;
    if (has(WITH_PRIORITY)) {
      if (to - from < PRIORITY_SIZE) {
        throw error(ErrorCode.PROTOCOL_ERROR, "the padding is larger than the frame");
      }
      dependency = idAt(from);
      from += PRIORITY_SIZE;
    }
    if (to - from > maxBlock) {
      throw largeBlock();
    }
    if (has(END_HEADERS)) {
      handler.headers(stream, bytes, from, to, dependency, has(END_STREAM));
      return;
    }
    blockStream = stream;
    blockEndsStream = has(END_STREAM);
    blockDependency = dependency;
    continuations = 0;
    emptyContinuations = 0;
    block = Arrays.copyOfRange(bytes, from, to);
    blockSize = block.length;
  }

  private Http2Exception largeBlock() {
    return Http2Exception.calm(
        AbuseRule.HEADER_BLOCK, "a header block of more than " + maxBlock + " bytes");
  }

  private void continuation(FrameHandler handler) throws Http2Exception {
    int length = to - from;
    continuations++;
    if (length == 0) {
      emptyContinuations++;
    }
    if (continuations > bursts.continuations() || emptyContinuations > MOST_EMPTY_CONTINUATIONS) {
      throw Http2Exception.calm(
          AbuseRule.CONTINUATIONS, "too many CONTINUATION frames in a header block");
    }
    if (length > maxBlock - blockSize) {
      throw largeBlock();
    }
    if (blockSize + length > block.length) {
      block = Arrays.copyOf(block, Math.max(blockSize + length, 2 * blockSize));
    }
    System.arraycopy(bytes, from, block, blockSize, length);
    blockSize += length;
    if (has(END_HEADERS)) {
      byte[] whole = block;
      block = NONE;
      blockStream = 0;
      handler.headers(stream, whole, 0, blockSize, blockDependency, blockEndsStream);
    }
  }

  private void priority(FrameHandler handler) throws Http2Exception {
    if (to - from != PRIORITY_SIZE) {
      throw Http2Exception.stream(
          stream, ErrorCode.FRAME_SIZE_ERROR, "PRIORITY of " + (to - from) + " octets");
    }
    handler.priority(stream, idAt(from));
  }

  private void settings(FrameHandler handler) throws Http2Exception {
    for (int at = from; at < to; at += SETTING_SIZE) {
      int id = (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
      handler.setting(id, intAt(at + 2) & 0xFFFFFFFFL);
    }
    handler.settingsEnd(has(ACK));
  }

  private void priorityUpdate(FrameHandler handler) throws Http2Exception {
    int prioritized = idAt(from);
    if (prioritized == 0) {
      throw error(ErrorCode.PROTOCOL_ERROR, "PRIORITY_UPDATE for the stream 0");
    }
    handler.priorityUpdate(prioritized, printable(from + 4, to));
  }

  /** The start of a text from the peer, with blanks for octets that could harm a log. */
  private String printable(int start, int end) {
    byte[] text = Arrays.copyOfRange(bytes, start, Math.min(end, start + LONGEST_TEXT));
    for (int i = 0; i < text.length; i++) {
      if (text[i] < ' ' || text[i] == 0x7F) {
        text[i] = ' ';
      }
    }
    return Ascii.string(text, 0, text.length);
  }
}
