package io.libprocess.remote;

import io.libprocess.net.Address;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Transport;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** A channel that keeps what is written. */
public final class RecordingChannel implements Transport.Channel {

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private int writes;

  public byte[] written() {
    return written.toByteArray();
  }

  int writes() {
    return writes;
  }

  @Override
  public void write(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    written.writeBytes(copy);
    writes++;
  }

  @Override
  public NetworkAddress local() {
    return Address.loopback(1);
  }

  @Override
  public NetworkAddress remote() {
    return Address.loopback(2);
  }

  @Override
  public long queued() {
    return 0;
  }

  @Override
  public void pause() {}

  @Override
  public void resume() {}

  @Override
  public void end() {}

  @Override
  public void closeAfterWrites() {}

  @Override
  public void close() {}

  @Override
  public void execute(Runnable task) {
    task.run();
  }

  @Override
  public Transport.Threads threads() {
    throw new UnsupportedOperationException("nothing runs here");
  }
}
