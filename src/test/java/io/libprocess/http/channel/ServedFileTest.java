package io.libprocess.http.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.Transport;
import io.libprocess.stream.Chunk;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServedFileTest {

  private static final int PIECE = 1 << 20;

  @TempDir Path directory;
  private FileChannel file;
  private final List<String> written = new ArrayList<>();
  private long queued;

  private final Transport.Channel channel =
      (Transport.Channel)
          Proxy.newProxyInstance(
              Transport.class.getClassLoader(),
              new Class<?>[] {Transport.Channel.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("queued")) {
                  return queued;
                }
                written.add(arguments[1] + "+" + arguments[2] + " " + arguments[3]);
                return null;
              });

  @BeforeEach
  void open() throws IOException {
    file = FileChannel.open(Files.writeString(directory.resolve("file"), "0123456789"));
  }

  @AfterEach
  void close() throws IOException {
    file.close();
  }

  @Test
  void send_isInPiecesOfWhichTheLastClosesTheFile() throws IOException {
    ServedFile served = new ServedFile(file, 7, 2 * PIECE + 5);
    assertTrue(served.send(channel));
    assertEquals(
        List.of(
            "7+" + PIECE + " false",
            (7 + PIECE) + "+" + PIECE + " false",
            (7 + 2 * PIECE) + "+5 true"),
        written);
    assertEquals(0, served.left());
  }

  @Test
  void send_waitsForRoom() throws IOException {
    ServedFile served = new ServedFile(file, 0, 5);
    queued = 1 << 20;
    assertFalse(served.send(channel));
    assertEquals(List.of(), written);
    assertEquals(5, served.left());
    queued = 0;
    assertTrue(served.send(channel));
    assertEquals(List.of("0+5 true"), written);
  }

  @Test
  void parts_areOneAfterTheOtherAndTheLastOneReleasedClosesTheFile() {
    ServedFile served = new ServedFile(file, 1, 5);
    Chunk first = served.part(3);
    assertEquals(2, served.left());
    Chunk second = served.part(2);
    assertEquals(0, served.left());
    assertEquals("123", first.utf8());
    assertEquals("45", second.utf8());
    served.close();
    assertTrue(file.isOpen());
    second.release();
    assertTrue(file.isOpen());
    first.release();
    assertFalse(file.isOpen());
  }

  @Test
  void parts_closeTheFileOnceAllAreReleasedAndNoneIsLeft() {
    ServedFile served = new ServedFile(file, 0, 5);
    served.part(3).release();
    assertTrue(file.isOpen());
    Chunk last = served.part(2);
    assertTrue(file.isOpen());
    last.release();
    assertFalse(file.isOpen());
  }

  @Test
  void close_waitsForThePartsThatAreSent() {
    ServedFile served = new ServedFile(file, 0, 5);
    Chunk part = served.part(1);
    served.close();
    served.close();
    assertTrue(file.isOpen());
    part.release();
    assertFalse(file.isOpen());
  }

  @Test
  void close_withoutPartsClosesTheFile() {
    new ServedFile(file, 0, 5).close();
    assertFalse(file.isOpen());
  }
}
