package io.libprocess.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.Recorder;
import io.libprocess.net.Transport;
import io.libprocess.support.Counts;
import io.libprocess.support.LogCapture;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A channel of an event loop that its test drives, with a peer of the JDK. */
abstract class ChannelFixture {

  static final int READ = SelectionKey.OP_READ;
  static final int WRITE = SelectionKey.OP_WRITE;
  static final int FULL_READ = 64 * 1024;
  static final int MUCH = 32 << 20; // More than the system's buffers take.

  final List<String> done = new ArrayList<>();
  HandLoop hand;
  LogCapture log;
  SocketChannel socket;
  SocketChannel peer;
  Transport.Channel channel;
  Telling handler;

  @BeforeEach
  void open() throws IOException {
    log = new LogCapture();
    hand = new HandLoop();
    HandLoop.Connected connected = hand.connect(made -> new Telling(made));
    peer = connected.peer();
    socket = connected.socket();
    channel = connected.channel();
    handler = (Telling) connected.handler();
  }

  @AfterEach
  void close() throws IOException {
    peer.close();
    hand.close();
    assertEquals(0, connections());
    log.close();
  }

  /** Tells what it is told. */
  final class Telling extends Recorder {

    Runnable onReceived = () -> {};
    boolean expendable;

    Telling(Transport.Channel channel) {
      super(channel);
    }

    @Override
    public void onReceived(ByteBuffer data) {
      done.add("received " + data.remaining());
      onReceived.run();
      super.onReceived(data);
    }

    @Override
    public void onEnded() {
      done.add("ended");
    }

    @Override
    public void onDrained() {
      done.add("drained");
    }

    @Override
    public void outputEnded() {
      done.add("outputEnded");
    }

    @Override
    public boolean isExpendable() {
      return expendable;
    }

    boolean isClosed() {
      return closed.getCount() == 0;
    }
  }

  long connections() {
    return Counts.of(hand.connections).get("sockets");
  }

  void assertDone(String... all) {
    assertEquals(List.of(all), done);
    done.clear();
  }

  void send(int bytes) throws IOException {
    ByteBuffer data = ByteBuffer.allocate(bytes);
    while (data.hasRemaining()) {
      peer.write(data);
    }
  }

  /** Reads what the peer has received until the end of the stream, while the loop goes on. */
  int receiveAll() throws IOException {
    peer.configureBlocking(false);
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    int all = 0;
    for (int n = 0; n >= 0; n = peer.read(buffer.clear())) {
      all += n;
      hand.round();
    }
    return all;
  }

  void receive(int bytes) throws IOException {
    peer.configureBlocking(false);
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    while (buffer.hasRemaining()) {
      assertTrue(peer.read(buffer) >= 0, "the end");
      hand.round();
    }
    peer.configureBlocking(true);
  }

  void resetByPeer() throws IOException {
    peer.setOption(StandardSocketOptions.SO_LINGER, 0);
    peer.close();
  }

  /** Lets the time pass after which channels without interest are looked at. */
  void look() {
    hand.pass(Duration.ofSeconds(2));
  }
}
