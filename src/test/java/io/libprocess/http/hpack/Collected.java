package io.libprocess.http.hpack;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The fields of a block as lines: name, colon, value; and the other calls in brackets. */
final class Collected implements FieldSink {

  final List<String> lines = new ArrayList<>();

  @Override
  public void field(String name, String value, boolean neverIndexed) {
    lines.add(name + ": " + value + (neverIndexed ? " [never]" : ""));
  }

  @Override
  public void malformed(String rule) {
    lines.add("[" + rule + "]");
  }

  @Override
  public void tooLarge() {
    lines.add("[too large]");
  }

  static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
  }

  static List<String> decode(HpackDecoder decoder, byte[] block) throws HpackException {
    Collected sink = new Collected();
    byte[] inside = new byte[block.length + 4]; // A block is usually a part of an array.
    System.arraycopy(block, 0, inside, 2, block.length);
    decoder.decode(inside, 2, 2 + block.length, sink);
    return sink.lines;
  }

  static List<String> decode(HpackDecoder decoder, String hex) throws HpackException {
    return decode(decoder, hex(hex));
  }
}
