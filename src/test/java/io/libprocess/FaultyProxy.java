package io.libprocess;

import io.libprocess.net.Address;
import io.libprocess.support.Expect;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network that can be made to fail: it connects clients of its address to a target, and forwards
 * bytes singly or in larger pieces, until told otherwise.
 */
public final class FaultyProxy implements Closeable {

  private final ServerSocket server = new ServerSocket(0, 1100, InetAddress.getLoopbackAddress());
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final Semaphore connections = new Semaphore(0);
  private final AtomicInteger accepted = new AtomicInteger();
  private final Object lock = new Object();

  private volatile int target;
  private volatile int slice = 64 << 10;
  private boolean partitioned; // Guarded by lock.

  /** Begins to listen, on a port of the loopback. */
  public FaultyProxy() throws IOException {
    start(this::accept);
  }

  private static void start(Runnable body) {
    Thread thread = new Thread(body, "faulty-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  /** The address to connect to. */
  public Address address() {
    return Address.loopback(server.getLocalPort());
  }

  /** Connects to a port of the loopback from now on. */
  public void target(int port) {
    target = port;
  }

  /** Starts a node that others reach by way of this proxy. */
  Node startNode() {
    Node node = Node.start(Config.builder().advertisePort(address().port()).build());
    target(node.listeningAddress().port());
    return node;
  }

  /** Forwards at most a number of bytes at a time, each piece in a separate packet. */
  void slice(int bytes) {
    slice = bytes;
  }

  /** Waits for a connection, from which on it counts as one of those before. */
  void awaitConnection() throws InterruptedException {
    if (!connections.tryAcquire(Expect.SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("nobody connected");
    }
  }

  /** The number of connections so far. */
  int accepted() {
    return accepted.get();
  }

  /** Stops forwarding, without closing anything. */
  public void partition() {
    synchronized (lock) {
      partitioned = true;
    }
  }

  /** Forwards again, beginning with the bytes that were held back. */
  public void heal() {
    synchronized (lock) {
      partitioned = false;
      lock.notifyAll();
    }
  }

  /** Closes all connections in an orderly way. */
  void cut() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    sockets.clear();
  }

  /** Resets all connections. */
  void reset() throws IOException {
    for (Socket socket : sockets) {
      socket.setSoLinger(true, 0);
    }
    cut();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Socket onward = new Socket(InetAddress.getLoopbackAddress(), target);
        client.setTcpNoDelay(true);
        onward.setTcpNoDelay(true);
        sockets.add(client);
        sockets.add(onward);
        accepted.incrementAndGet();
        connections.release();
        start(() -> forward(client, onward));
        start(() -> forward(onward, client));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void forward(Socket from, Socket to) {
    byte[] bytes = new byte[64 << 10];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      int count;
      while ((count = in.read(bytes, 0, Math.min(slice, bytes.length))) >= 0) {
        awaitPassage();
        out.write(bytes, 0, count);
      }
      awaitPassage();
      to.shutdownOutput();
    } catch (IOException | InterruptedException e) {
      closeQuietly(from);
      closeQuietly(to);
    }
  }

  private void awaitPassage() throws InterruptedException {
    synchronized (lock) {
      while (partitioned) {
        lock.wait();
      }
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone anyway.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    heal();
    cut();
  }
}
