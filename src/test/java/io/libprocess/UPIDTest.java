package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.Address;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UPIDTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo@127.0.0.1:5050",
        "slave(1)@10.0.0.255:65535",
        "@0.0.0.0:0",
        "x@[0:0:0:0:0:0:0:1]:80",
      })
  void textForm_isReadAndWritten(String text) {
    assertEquals(text, UPID.parse(text).orElseThrow().toString());
    assertEquals(UPID.parse(text), UPID.parse("  " + text + " "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "echo",
        "echo@",
        "echo@127.0.0.1",
        "echo@127.0.0.1:",
        "echo@127.0.0.1:x",
        "echo@127.0.0.1:80x",
        "echo@127.0.0.1:+80",
        "echo@127.0.0.1:-1",
        "echo@127.0.0.1:65536",
        "echo@127.0.0.1:99999999999999999999",
        "echo@127.0.0.256:80",
        "echo@127.0.0:80",
        "echo@localhost:80",
        "echo@:80",
        "a@b@127.0.0.1:80",
        "echo@::1:80",
        "echo@[127.0.0.1]:80",
        "echo@[::1:80",
        "e cho@127.0.0.1:80",
        "echo@127.0.0.1:80 trailing",
        "e\tcho@127.0.0.1:80",
      })
  void otherForms_areNobody(String text) {
    assertEquals(Optional.empty(), UPID.parse(text));
  }

  @Test
  void of_throwsWhereParseIsEmpty() {
    assertEquals(UPID.parse("a@127.0.0.1:5").orElseThrow(), UPID.of("a@127.0.0.1:5"));
    String text =
        assertThrows(IllegalArgumentException.class, () -> UPID.of("a@localhost:5")).getMessage();
    assertEquals("not of the form id@ip:port: 'a@localhost:5'", text);
  }

  @Test
  void equality_isThatOfIdAndAddress() {
    UPID upid = new UPID("a", Address.loopback(1));
    assertEquals(upid, new UPID("a", Address.loopback(1)));
    assertEquals(upid.hashCode(), new UPID("a", Address.loopback(1)).hashCode());
    assertNotEquals(upid, new UPID("b", Address.loopback(1)));
    assertNotEquals(upid, new UPID("a", Address.loopback(2)));
    assertNotEquals(upid, null);
  }

  @Test
  void onlyNobody_isEmpty() {
    assertTrue(UPID.NONE.isEmpty());
    assertEquals("@0.0.0.0:0", UPID.NONE.toString());
    assertFalse(new UPID("a", Address.NONE).isEmpty());
    assertFalse(new UPID("", Address.loopback(1)).isEmpty());
  }
}
