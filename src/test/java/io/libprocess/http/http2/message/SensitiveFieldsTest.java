package io.libprocess.http.http2.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Headers;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.grammar.ContentLength;
import io.libprocess.http.hpack.FieldSink;
import io.libprocess.http.hpack.HpackDecoder;
import io.libprocess.http.hpack.HpackException;
import io.libprocess.http.hpack.Octets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Fields that no hop may keep in its table. */
class SensitiveFieldsTest {

  private final RequestHeads heads = new RequestHeads(false, "a");
  private final HpackDecoder decoder = new HpackDecoder(4096, 1 << 16);

  private Octets encoded(Headers headers) {
    Octets out = new Octets();
    heads.put(out, Request.get("/").withHeaders(headers), ContentLength.UNKNOWN);
    return out;
  }

  private List<String> neverIndexed(Octets block) throws HpackException {
    List<String> names = new ArrayList<>();
    decoder.decode(
        block.bytes,
        0,
        block.size,
        new FieldSink() {
          @Override
          public void field(String name, String value, boolean neverIndexed) {
            if (neverIndexed) {
              names.add(name);
            }
          }

          @Override
          public void malformed(String rule) {
            throw new AssertionError(rule);
          }

          @Override
          public void tooLarge() {
            throw new AssertionError();
          }
        });
    return names;
  }

  @Test
  void fieldsThatAreMarked_areNeverIndexed() throws HpackException {
    Headers headers =
        Headers.builder().add("X-Key", "k").add("other", "o").sensitive("x-KEY").build();
    assertEquals(List.of("x-key"), neverIndexed(encoded(headers)));
    assertEquals(List.of("x-key"), neverIndexed(encoded(headers)));
    assertEquals(List.of("x-key"), neverIndexed(encoded(headers.with("x-key", "l"))));
    assertEquals(List.of(), neverIndexed(encoded(Headers.of("x-key", "k"))));
  }

  @Test
  void fieldsThatCameSo_areSentOnSo() throws HpackException {
    RequestFields fields = new RequestFields(Limits.defaults(), false);
    fields.begin(false);
    Octets block =
        encoded(Headers.builder().add("x-key", "k").add("y", "z").sensitive("x-key").build());
    decoder.decode(block.bytes, 0, block.size, fields);
    assertEquals(null, fields.end());
    Headers received = fields.head().headers();

    assertTrue(received.isSensitive("X-Key"));
    assertFalse(received.isSensitive("y"));
    assertEquals(List.of("x-key"), neverIndexed(encoded(received)));

    fields.begin(false);
    Octets next = encoded(Headers.of("x-key", "k"));
    decoder.decode(next.bytes, 0, next.size, fields);
    assertEquals(null, fields.end());
    assertFalse(fields.head().headers().isSensitive("x-key"));
  }

  @Test
  void valuesThatAreMarked_areNotShown() {
    Headers headers = Headers.builder().add("X-Key", "secret").sensitive("x-key").build();
    assertEquals("[X-Key: <hidden>]", headers.toString());
    assertEquals("secret", headers.first("x-key").orElseThrow());
    assertEquals(Headers.of("X-Key", "secret"), headers);
  }
}
