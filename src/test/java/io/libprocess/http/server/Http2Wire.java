package io.libprocess.http.server;

import io.libprocess.http.hpack.FieldSink;
import io.libprocess.http.hpack.HpackDecoder;
import io.libprocess.http.hpack.HpackException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A client's view of the wire of HTTP/2 for tests: makes frames, also illegal ones, and describes
 * those that a server has sent. Heads are written as literals, so the encoder is not needed here.
 */
public final class Http2Wire {

  public static final byte[] PREFACE = ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

  public static final int END_STREAM = 1;
  public static final int ACK = 1;
  public static final int END_HEADERS = 4;
  public static final int PADDED = 8;
  public static final int PRIORITY_FLAG = 0x20;

  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int PRIORITY = 2;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PUSH_PROMISE = 5;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  public static final int CONTINUATION = 9;

  private static final List<String> ERRORS =
      List.of(
          "NO_ERROR",
          "PROTOCOL_ERROR",
          "INTERNAL_ERROR",
          "FLOW_CONTROL_ERROR",
          "SETTINGS_TIMEOUT",
          "STREAM_CLOSED",
          "FRAME_SIZE_ERROR",
          "REFUSED_STREAM",
          "CANCEL",
          "COMPRESSION_ERROR",
          "CONNECT_ERROR",
          "ENHANCE_YOUR_CALM",
          "INADEQUATE_SECURITY",
          "HTTP_1_1_REQUIRED");

  private static final int FRAME_HEAD = 9;

  private final HpackDecoder decoder = new HpackDecoder(4096, 1 << 20);
  private byte[] arrived = {};

  /* ------ What a client sends ------ */

  public static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  public static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  public static byte[] frame(int type, int flags, int stream, byte[] payload) {
    return ByteBuffer.allocate(FRAME_HEAD + payload.length)
        .put((byte) (payload.length >> 16))
        .putShort((short) payload.length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  public static byte[] integers(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
    for (int value : values) {
      bytes.putInt(value);
    }
    return bytes.array();
  }

  /** Settings, each given as its id and its value. */
  public static byte[] settings(long... idsAndValues) {
    ByteBuffer bytes = ByteBuffer.allocate(3 * idsAndValues.length);
    for (int i = 0; i < idsAndValues.length; i += 2) {
      bytes.putShort((short) idsAndValues[i]).putInt((int) idsAndValues[i + 1]);
    }
    return frame(SETTINGS, 0, 0, bytes.array());
  }

  public static byte[] settingsAck() {
    return frame(SETTINGS, ACK, 0, new byte[0]);
  }

  /** A header block of literals that are not indexed. */
  public static byte[] block(String... fields) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < fields.length; i += 2) {
      block.write(0);
      put(block, fields[i]);
      put(block, fields[i + 1]);
    }
    return block.toByteArray();
  }

  private static void put(ByteArrayOutputStream block, String text) {
    int length = text.length();
    if (length < 127) {
      block.write(length);
    } else {
      block.write(127);
      for (length -= 127; length >= 128; length >>= 7) {
        block.write(length & 127 | 128);
      }
      block.write(length);
    }
    block.writeBytes(ascii(text));
  }

  public static String[] fields(String method, String path, String... more) {
    String[] all = {":method", method, ":scheme", "http", ":path", path, ":authority", "a"};
    String[] fields = Arrays.copyOf(all, all.length + more.length);
    System.arraycopy(more, 0, fields, all.length, more.length);
    return fields;
  }

  public static byte[] headers(int stream, int flags, String... fields) {
    return frame(HEADERS, flags | END_HEADERS, stream, block(fields));
  }

  public static byte[] get(int stream, String path) {
    return headers(stream, END_STREAM, fields("GET", path));
  }

  public static byte[] post(int stream, String path, String... more) {
    return headers(stream, 0, fields("POST", path, more));
  }

  public static byte[] data(int stream, int flags, String text) {
    return frame(DATA, flags, stream, ascii(text));
  }

  public static byte[] reset(int stream, int code) {
    return frame(RST_STREAM, 0, stream, integers(code));
  }

  public static byte[] windowUpdate(int stream, int increment) {
    return frame(WINDOW_UPDATE, 0, stream, integers(increment));
  }

  public static byte[] ping(int flags, String eight) {
    return frame(PING, flags, 0, ascii(eight));
  }

  public static byte[] goAway(int last, int code) {
    return frame(GOAWAY, 0, 0, integers(last, code));
  }

  /* ------ What the server has sent ------ */

  /** Describes the frames that are complete, one a line; the {@code date} is left out. */
  public List<String> read(byte[] bytes) {
    arrived = join(arrived, bytes);
    List<String> frames = new ArrayList<>();
    ByteBuffer left = ByteBuffer.wrap(arrived);
    while (left.remaining() >= FRAME_HEAD) {
      int length =
          (left.getShort(left.position()) & 0xFFFF) << 8 | left.get(left.position() + 2) & 0xFF;
      if (left.remaining() < FRAME_HEAD + length) {
        break;
      }
      int type = left.get(left.position() + 3);
      int flags = left.get(left.position() + 4);
      int stream = left.getInt(left.position() + 5);
      byte[] payload = new byte[length];
      left.position(left.position() + FRAME_HEAD).get(payload);
      frames.add(describe(type, flags, stream, ByteBuffer.wrap(payload)));
    }
    arrived = Arrays.copyOfRange(arrived, left.position(), arrived.length);
    return frames;
  }

  /** Whether a part of a frame has arrived. */
  public boolean isInsideFrame() {
    return arrived.length > 0;
  }

  private String describe(int type, int flags, int stream, ByteBuffer payload) {
    String end = (flags & END_STREAM) != 0 ? " END" : "";
    return switch (type) {
      case DATA -> "DATA " + stream + " " + text(payload) + end;
      case HEADERS -> "HEADERS " + stream + decoded(payload.array()) + end;
      case RST_STREAM -> "RST_STREAM " + stream + " " + error(payload.getInt());
      case SETTINGS -> "SETTINGS" + (flags != 0 ? " ACK" : settings(payload));
      case PING -> "PING" + (flags != 0 ? " ACK " : " ") + text(payload);
      case GOAWAY -> "GOAWAY " + payload.getInt() + " " + error(payload.getInt());
      case WINDOW_UPDATE -> "WINDOW_UPDATE " + stream + " " + payload.getInt();
      default -> "UNKNOWN " + type;
    };
  }

  private static String error(int code) {
    return ERRORS.get(code);
  }

  private static String text(ByteBuffer payload) {
    String text = StandardCharsets.ISO_8859_1.decode(payload).toString();
    return text.length() <= 64 ? text : text.length() + " bytes";
  }

  private static String settings(ByteBuffer payload) {
    StringBuilder text = new StringBuilder();
    while (payload.hasRemaining()) {
      text.append(' ').append(payload.getShort()).append('=').append(payload.getInt());
    }
    return text.toString();
  }

  private String decoded(byte[] block) {
    StringBuilder text = new StringBuilder();
    try {
      decoder.decode(
          block,
          0,
          block.length,
          new FieldSink() {
            @Override
            public void field(String name, String value, boolean neverIndexed) {
              if (!name.equals("date")) {
                text.append(' ').append(name).append('=').append(value);
              }
            }

            @Override
            public void malformed(String rule) {
              text.append(" MALFORMED ").append(rule);
            }

            @Override
            public void tooLarge() {
              text.append(" TOO LARGE");
            }
          });
    } catch (HpackException e) {
      throw new AssertionError(e);
    }
    return text.toString();
  }
}
