package io.libprocess.remote.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.libprocess.net.Address;
import io.libprocess.remote.RecordingChannel;
import io.libprocess.remote.links.ProcessName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages as bytes. */
class MessageEncoderTest {

  private static final ProcessName FROM = new ProcessName("sender(1)", Address.loopback(4321));
  private static final ProcessName TO = new ProcessName("x", Address.loopback(80));

  private static byte[] bytes(ProcessName from, ProcessName to, String name, byte[] body) {
    Outgoing outgoing = Outgoing.of(new MessageHead(from, to, name).bytes, body, null);
    ByteBuffer bytes = ByteBuffer.allocate((int) outgoing.size());
    outgoing.put(bytes);
    assertFalse(bytes.hasRemaining());
    return bytes.array();
  }

  private static String text(ProcessName from, ProcessName to, String name, String body) {
    byte[] bytes = bytes(from, to, name, body.getBytes(StandardCharsets.UTF_8));
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void message_isWhatTheOriginalSends() {
    assertEquals(
        "POST /x/handler HTTP/1.1\r\n"
            + "User-Agent: libprocess/sender(1)@127.0.0.1:4321\r\n"
            + "Libprocess-From: sender(1)@127.0.0.1:4321\r\n"
            + "Connection: Keep-Alive\r\n"
            + "Host: 127.0.0.1:80\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n"
            + "5\r\nhello\r\n0\r\n\r\n",
        text(FROM, TO, "handler", "hello"));
  }

  @Test
  void messageFromNobodyToAnEmptyIdWithoutABody_isWhatTheOriginalSends() {
    assertEquals(
        "POST /handler HTTP/1.1\r\n"
            + "User-Agent: libprocess/@0.0.0.0:0\r\n"
            + "Libprocess-From: @0.0.0.0:0\r\n"
            + "Connection: Keep-Alive\r\n"
            + "Host: 127.0.0.1:80\r\n\r\n",
        text(new ProcessName("", Address.NONE), new ProcessName("", TO.address()), "handler", ""));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 255, 256, 4095, 4096, 65535, 65536, 1 << 20})
  void bodySize_isWrittenInHexadecimalDigits(int size) {
    String text = text(FROM, TO, "n", "b".repeat(size));
    String start = "\r\n\r\n" + Integer.toHexString(size) + "\r\nb";
    assertEquals(text.length() - size - 7 - start.length() + 1, text.indexOf(start));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1000, (64 << 10) - 1, 64 << 10, 200_000})
  void requestWrittenAlone_hasTheSameBytes(int size) {
    byte[] body = new byte[size];
    Outgoing outgoing = Outgoing.of(new MessageHead(FROM, TO, "n").bytes, body, null);
    RecordingChannel channel = new RecordingChannel();
    outgoing.write(channel);
    assertArrayEquals(bytes(FROM, TO, "n", body), channel.written());
    assertEquals(outgoing.size(), channel.written().length);
  }
}
