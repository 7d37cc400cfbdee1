package io.libprocess.net;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy between a client and a server that divides bytes in its own way. */
public final class SlicingProxy implements AutoCloseable {

  private static final int RECORD_HEADER = 5;

  public enum Kind {
    /** As they come. */
    WHOLE,
    /** Each by itself. */
    BYTES
  }

  private final ServerSocket listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
  private final NetworkAddress target;
  private final Kind kind;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile boolean corrupting;
  private volatile long corruptAt = -1; // The position of a byte to damage.
  private final ByteArrayOutputStream fromServer =
      new ByteArrayOutputStream(); // Guarded by itself.

  public SlicingProxy(NetworkAddress target, Kind kind) throws IOException {
    this.target = target;
    this.kind = kind;
    start(this::accept);
  }

  public Address address() {
    return Address.loopback(listener.getLocalPort());
  }

  /**
   * Damages the first byte behind the header of the next record of the client. It may arrive in one
   * piece with those behind it.
   */
  public void corruptNextRecord() {
    corrupting = true;
  }

  /** Damages one byte of each direction. */
  public void corruptAt(long position) {
    corruptAt = position;
  }

  /** The length of the last TLS record from the server that was passed on, with its header. */
  public int lastRecord() {
    ByteBuffer records;
    synchronized (fromServer) {
      records = ByteBuffer.wrap(fromServer.toByteArray());
    }
    int last = 0;
    while (records.remaining() >= RECORD_HEADER) {
      last = RECORD_HEADER + records.getShort(records.position() + RECORD_HEADER - 2);
      records.position(records.position() + last);
    }
    return last;
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // Closed, by whichever side.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = listener.accept();
      Socket server = Network.dial(target);
      server.setTcpNoDelay(true);
      client.setTcpNoDelay(true);
      sockets.add(client);
      sockets.add(server);
      start(() -> pass(client, server, false));
      start(() -> pass(server, client, true));
    }
  }

  private void pass(Socket from, Socket to, boolean recorded) throws IOException {
    InputStream in = from.getInputStream();
    OutputStream out = to.getOutputStream();
    byte[] buffer = new byte[64 * 1024];
    long passed = 0;
    for (int size = in.read(buffer); size >= 0; size = in.read(buffer)) {
      if (recorded) {
        synchronized (fromServer) {
          fromServer.write(buffer, 0, size);
        }
      }
      if (passed <= corruptAt && corruptAt < passed + size) {
        buffer[(int) (corruptAt - passed)] ^= 0x55;
      }
      passed += size;
      if (corrupting && !recorded) {
        corrupting = false;
        buffer[Math.min(RECORD_HEADER, size - 1)] ^= 1;
      }
      if (kind == Kind.BYTES) {
        for (int i = 0; i < size; i++) {
          out.write(buffer, i, 1);
        }
      } else {
        out.write(buffer, 0, size);
      }
    }
    to.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
