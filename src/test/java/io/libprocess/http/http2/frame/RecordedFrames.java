package io.libprocess.http.http2.frame;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The frames that a reader has found, as lines. */
final class RecordedFrames implements FrameHandler {

  final List<String> lines = new ArrayList<>();
  int frames;

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  private static String end(boolean endStream) {
    return endStream ? " end" : "";
  }

  @Override
  public void frame(int type, int stream, int length, int flags) {
    frames++;
  }

  @Override
  public void data(int stream, byte[] bytes, int from, int to, int padding, boolean endStream) {
    lines.add("DATA " + stream + " '" + text(bytes, from, to) + "' +" + padding + end(endStream));
  }

  @Override
  public void headers(
      int stream, byte[] block, int from, int to, int dependency, boolean endStream) {
    lines.add(
        "HEADERS " + stream + " '" + text(block, from, to) + "' on " + dependency + end(endStream));
  }

  @Override
  public void priority(int stream, int dependency) {
    lines.add("PRIORITY " + stream + " on " + dependency);
  }

  @Override
  public void rstStream(int stream, int code) {
    lines.add("RST_STREAM " + stream + " " + code);
  }

  @Override
  public void setting(int id, long value) {
    lines.add("setting " + id + "=" + value);
  }

  @Override
  public void settingsEnd(boolean ack) {
    lines.add("SETTINGS" + (ack ? " ack" : ""));
  }

  @Override
  public void pushPromise(int stream) {
    lines.add("PUSH_PROMISE " + stream);
  }

  @Override
  public void ping(long opaque, boolean ack) {
    lines.add("PING " + Long.toHexString(opaque) + (ack ? " ack" : ""));
  }

  @Override
  public void goAway(int lastStream, int code, String debug) {
    lines.add("GOAWAY " + lastStream + " " + code + " '" + debug + "'");
  }

  @Override
  public void windowUpdate(int stream, int increment) {
    lines.add("WINDOW_UPDATE " + stream + " " + increment);
  }

  @Override
  public void priorityUpdate(int stream, String value) {
    lines.add("PRIORITY_UPDATE " + stream + " '" + value + "'");
  }

  @Override
  public void unknown(int type, int stream) {
    lines.add("unknown " + type + " " + stream);
  }

  /* ------ Frames by hand ------ */

  /** A frame, with a payload in hexadecimal. */
  static byte[] frame(int type, int flags, int stream, String hex) {
    byte[] payload = HexFormat.of().parseHex(hex.replace(" ", ""));
    String head = String.format("%06x%02x%02x%08x", payload.length, type, flags, stream);
    return join(HexFormat.of().parseHex(head), payload);
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
