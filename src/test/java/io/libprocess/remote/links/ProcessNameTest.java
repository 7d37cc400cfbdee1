package io.libprocess.remote.links;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.net.Address;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The names of senders, and the data of links, in header fields. */
class ProcessNameTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "",
        "id(42)",
        "a b",
        "a@b",
        "a:b",
        "a%41",
        "a?b#c",
        "caf\u00e9",
        "\u65e5\u672c",
        "\ud83d\ude00"
      })
  void anyId_isRead(String id) {
    ProcessName name = new ProcessName(id, Address.loopback(5050));
    String field =
        new String(name.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    assertEquals(Optional.of(name), ProcessName.parse(field));
  }

  @Test
  void ipv6_isReadInBrackets() {
    assertEquals(
        Optional.of(new ProcessName("x", new Address(Address.parseIp("::1"), 80))),
        ProcessName.parse("x@[::1]:80"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 9, 90, 5059, 65535})
  void port_isReadAsItIsWritten(int port) {
    ProcessName name = new ProcessName("x", Address.loopback(port));
    assertEquals(Optional.of(name), ProcessName.parse(name.toString()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "x@",
        "x@127.0.0.1",
        "x@127.0.0.1:",
        "x@127.0.0.1:65536",
        "x@127.0.0.1:000001",
        "x@127.0.0.1:8x",
        "x@::1:80",
        "x@[127.0.0.1]:80",
        "x@[::1:80",
        "x@::1]:80",
        "x@a::1]:80",
        "x@127.0.0.1:8/",
        "x@localhost:80",
        "x@1.2.3.256:80",
        "x:80@1.2.3.4"
      })
  void otherForms_areNone(String text) {
    assertEquals(Optional.empty(), ProcessName.parse(text));
  }

  @Test
  void bytesThatAreNotUtf8_areReplaced() {
    assertEquals("a\ufffdb", ProcessName.parse("a\u00e9b@127.0.0.1:1").orElseThrow().id());
    assertEquals("\ufffdb", ProcessName.utf8("\u0080b"));
    assertEquals("a\u007f", ProcessName.utf8("a\u007f"));
  }

  @Test
  void tag_isReadAsItIsWritten() {
    LinkTag tag = new LinkTag(12, -34);
    assertEquals(Optional.of(tag), LinkTag.parse(tag.toString()));
    for (String text :
        new String[] {"", "12", "12.", ".34", "a.b", "1.2.3", "9223372036854775808.1"}) {
      assertEquals(Optional.empty(), LinkTag.parse(text), text);
    }
  }
}
