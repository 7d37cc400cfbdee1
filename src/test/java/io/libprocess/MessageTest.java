package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.support.Expect;
import io.libprocess.support.LogCapture;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Messages between processes, on one node and on two. */
class MessageTest {

  /** The arguments of a handler's call. */
  private record Got(UPID from, Object value) {}

  private final Node node = Node.start(Config.builder().build());
  private final Node other = Node.start(Config.builder().build());
  private final BlockingQueue<Got> got = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    other.close();
    node.close();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private <T> Plain receiver(String name, Codec<T> codec) {
    return Plain.with(p -> p.install(name, codec, (from, value) -> got.add(new Got(from, value))));
  }

  @Test
  void postedMessage_reachesTheHandlerOfItsName() throws Exception {
    Plain receiver = receiver("ping", Codec.STRING);
    PID<Plain> pid = node.spawn(receiver);
    node.post(pid, "pong", new byte[0]);
    node.post(pid, "ping", utf8("hello"));
    Expect.next(new Got(UPID.NONE, "hello"), got);
    Message unhandled = Expect.next(receiver.unhandled);
    assertEquals("pong", unhandled.name());
    assertEquals(pid, unhandled.to());
  }

  @Test
  void lastHandler_wins() throws Exception {
    Plain receiver = receiver("ping", Codec.INT);
    PID<Plain> pid = node.spawn(receiver);
    pid.dispatch(
        p -> p.install("ping", (from, body) -> got.add(new Got(from, "replaced: " + body.length))));
    node.post(pid, "ping", utf8("12"));
    Expect.next(new Got(UPID.NONE, "replaced: 2"), got);
  }

  @Test
  void delegate_getsTheMessageWithItsSender() throws Exception {
    PID<Plain> delegate = node.spawn(receiver("ping", Codec.STRING));
    PID<Plain> pid = node.spawn(Plain.with(p -> p.delegate("ping", delegate)));
    UPID from = new UPID("somebody", other.address());
    node.post(from, pid, "ping", utf8("x"));
    Expect.next(new Got(from, "x"), got);
    pid.dispatch(p -> p.install("ping", (sender, body) -> got.add(new Got(sender, "handler"))));
    node.post(from, pid, "ping", utf8("x"));
    Expect.next(new Got(from, "handler"), got); // Handlers beat delegates.
  }

  @Test
  void delegateOnAnotherNode_getsTheMessageWithItsSender() throws Exception {
    PID<Plain> delegate = other.spawn(receiver("ping", Codec.STRING));
    PID<Plain> pid = node.spawn(Plain.with(p -> p.delegate("ping", delegate)));
    UPID from = new UPID("somebody", node.address());
    node.post(from, pid, "ping", utf8("x"));
    Expect.next(new Got(from, "x"), got);
  }

  private void undecodable(CheckedConsumer<PID<Plain>> send) throws Exception {
    Plain receiver = receiver("number", Codec.INT);
    PID<Plain> pid = node.spawn(receiver);
    try (LogCapture log = new LogCapture()) {
      send.accept(pid);
      log.await("cannot be decoded");
    }
    node.post(pid, "number", utf8("42"));
    Expect.next(new Got(UPID.NONE, 42), got);
    assertTrue(receiver.unhandled.isEmpty());
  }

  @Test
  void undecodableMessage_isLoggedAndDropped() throws Exception {
    undecodable(pid -> node.post(pid, "number", utf8("forty-two")));
    undecodable(pid -> node.post(pid, "number", new byte[] {(byte) 0xff}));
    undecodable(pid -> other.post(pid, "number", new byte[0]));
  }

  @Test
  void messageToSelf_isQueuedBehindTheRunningEvent() throws Exception {
    Plain plain = receiver("self", Codec.STRING);
    PID<Plain> pid = node.spawn(plain);
    pid.dispatch(
        p -> {
          p.send(p.self(), "self", Codec.STRING, "later");
          got.add(new Got(UPID.NONE, "first"));
        });
    Expect.next(new Got(UPID.NONE, "first"), got);
    Expect.next(new Got(pid, "later"), got);
  }

  @Test
  void twoNodes_answerEachOtherInOrder() throws Exception {
    PID<Plain> echo =
        other.spawn(
            Plain.with(
                p ->
                    p.install(
                        "ping", Codec.INT, (from, i) -> p.send(from, "pong", Codec.INT, i + 1))));
    PID<Plain> pid = node.spawn(receiver("pong", Codec.INT));
    pid.dispatch(
        p -> {
          for (int i = 0; i < 1000; i++) {
            p.send(echo, "ping", Codec.INT, i);
          }
        });
    for (int i = 0; i < 1000; i++) {
      Expect.next(new Got(echo, i + 1), got);
    }
  }

  @Test
  void bodies_arriveByteForByteWhateverTheirSize() throws Exception {
    PID<Plain> pid = other.spawn(receiver("bytes", Codec.BYTES));
    for (int size : new int[] {0, 1, 100, 65_536, 1_000_000}) {
      byte[] body = new byte[size];
      for (int i = 0; i < size; i++) {
        body[i] = (byte) (i * 31);
      }
      node.post(pid, "bytes", body);
      assertArrayEquals(body, (byte[]) Expect.next(got).value());
    }
  }

  @Test
  void names_mayHaveSlashes() throws Exception {
    PID<Plain> pid = other.spawn(receiver("a/b.c", Codec.STRING));
    node.post(pid, "a/b.c", utf8("x"));
    Expect.next(new Got(UPID.NONE, "x"), got);
  }

  @Test
  void ids_thatNeedEncodingAreReachedOnOtherNodes() throws Exception {
    for (String id : new String[] {"id(42)", "with space", "per%cent", "que?ry", "grüße", "a+b"}) {
      Plain receiver =
          new Plain(
              id, p -> p.install("ping", Codec.STRING, (from, v) -> got.add(new Got(from, v))));
      other.spawn(receiver);
      node.post(new UPID(id, other.address()), "ping", utf8(id));
      Expect.next(new Got(UPID.NONE, id), got);
    }
  }

  @Test
  void names_thatWouldBreakTheRequestAreRefused() {
    UPID to = new UPID("x", other.address());
    for (String bad : new String[] {"a b", "a\r\nHost: evil", "a\u0000"}) {
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class, () -> node.post(to, bad, new byte[0]), () -> bad);
      assertTrue(refused.getMessage().contains(bad), refused.getMessage());
    }
    UPID from = new UPID("a\r\nb", node.address());
    assertThrows(IllegalArgumentException.class, () -> node.post(from, to, "name", new byte[0]));
  }

  @Test
  void sendToNobody_vanishes() throws Exception {
    PID<Plain> pid = node.spawn(new Plain());
    pid.dispatch(
        p -> {
          p.send(UPID.NONE, "x");
          p.send(new UPID("nobody", node.address()), "x");
          p.send(new UPID("nobody", other.address()), "x");
        });
    assertEquals("alive", Expect.ready(pid.call(p -> "alive")));
  }

  @Test
  void codec_refusesValuesAndBytes() throws Exception {
    assertEquals(-7, Codec.INT.decode(Codec.INT.encode(-7)));
    assertEquals("äß€", Codec.STRING.decode(Codec.STRING.encode("äß€")));
    assertThrows(
        CharacterCodingException.class, () -> Codec.STRING.decode(new byte[] {(byte) 0xc3}));
    Codec<String> picky =
        Codec.of(
            String::new,
            text -> {
              throw new CharacterCodingException();
            });
    PID<Plain> pid = node.spawn(new Plain());
    Throwable refused =
        Expect.failure(
            pid.call(
                p -> {
                  p.send(p.self(), "name", picky, "value");
                  return null;
                }));
    assertTrue(refused instanceof IllegalArgumentException, refused::toString);
  }
}
