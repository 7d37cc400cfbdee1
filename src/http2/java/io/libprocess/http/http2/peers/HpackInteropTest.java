package io.libprocess.http.http2.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.http.hpack.FieldSink;
import io.libprocess.http.hpack.HpackDecoder;
import io.libprocess.http.hpack.HpackEncoder;
import io.libprocess.http.hpack.Octets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Blocks of fields that one implementation of HPACK compresses and the other reads. */
class HpackInteropTest {

  private static final int BLOCKS = 3000;
  private static final int STREAM = 3;
  private static final String[] NAMES = {
    ":status",
    "content-type",
    "content-length",
    "date",
    "etag",
    "cookie",
    "x-custom",
    "x-custom-2",
    "authorization",
    "set-cookie",
    "vary",
    "server"
  };

  private final Random random = new Random(11);

  private List<String> fields() {
    List<String> fields = new ArrayList<>();
    fields.add(":status");
    fields.add("200");
    for (int i = random.nextInt(12); i > 0; i--) {
      fields.add(NAMES[1 + random.nextInt(NAMES.length - 1)]);
      fields.add(
          random.nextInt(4) == 0
              ? "~^" + "x".repeat(random.nextInt(300)) + "é" // Longer by Huffman's code.
              : "value-" + random.nextInt(30));
    }
    return fields;
  }

  private static List<String> lines(List<String> fields) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < fields.size(); i += 2) {
      lines.add(fields.get(i) + ": " + fields.get(i + 1));
    }
    return lines;
  }

  @Test
  void whatWeCompress_isReadByNetty() throws Exception {
    HpackEncoder encoder = new HpackEncoder();
    DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);
    for (int i = 0; i < BLOCKS; i++) {
      if (i % 10 == 9) { // Sometimes twice before the next block.
        for (int j = random.nextInt(2); j >= 0; j--) {
          int size = random.nextInt(4097);
          decoder.maxHeaderTableSize(size);
          encoder.tableSize(size);
        }
      }
      List<String> fields = fields();
      Octets out = new Octets();
      encoder.begin(out);
      for (int j = 0; j < fields.size(); j += 2) {
        encoder.encode(fields.get(j), fields.get(j + 1), random.nextInt(20) == 0, out);
      }
      Http2Headers read =
          decoder.decodeHeaders(STREAM, Unpooled.wrappedBuffer(out.bytes, 0, out.size));
      List<String> lines = new ArrayList<>();
      read.forEach(field -> lines.add(field.getKey() + ": " + field.getValue()));
      assertEquals(sorted(lines(fields)), sorted(lines)); // Netty keeps no order among names.
    }
  }

  private static List<String> sorted(List<String> lines) {
    return lines.stream().sorted().toList();
  }

  @Test
  void whatNettyCompresses_isReadByUs() throws Exception {
    DefaultHttp2HeadersEncoder encoder =
        new DefaultHttp2HeadersEncoder((name, value) -> random.nextInt(20) == 0, false);
    HpackDecoder decoder = new HpackDecoder(4096, 1 << 20);
    for (int i = 0; i < BLOCKS; i++) {
      if (i % 10 == 9) {
        encoder.maxHeaderTableSize(random.nextInt(4097));
      }
      List<String> fields = fields();
      Http2Headers headers = new DefaultHttp2Headers(false);
      for (int j = 0; j < fields.size(); j += 2) {
        headers.add(fields.get(j), fields.get(j + 1));
      }
      ByteBuf out = Unpooled.buffer();
      encoder.encodeHeaders(STREAM, headers, out);
      byte[] block = new byte[out.readableBytes()];
      out.readBytes(block);
      List<String> lines = new ArrayList<>();
      decoder.decode(block, 0, block.length, into(lines));
      assertEquals(sorted(lines(fields)), sorted(lines));
    }
  }

  private static FieldSink into(List<String> lines) {
    return new FieldSink() {
      @Override
      public void field(String name, String value, boolean neverIndexed) {
        lines.add(name + ": " + value);
      }

      @Override
      public void malformed(String rule) {
        lines.add("malformed: " + rule);
      }

      @Override
      public void tooLarge() {
        lines.add("too large");
      }
    };
  }
}
