package io.libprocess.net.nio;

import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Transport;
import java.nio.ByteBuffer;

/** A channel that can send bytes only, on another one. */
public record CopyingChannel(Transport.Channel channel) implements Transport.Channel {

  @Override
  public NetworkAddress local() {
    return channel.local();
  }

  @Override
  public NetworkAddress remote() {
    return channel.remote();
  }

  @Override
  public void write(ByteBuffer bytes) {
    channel.write(bytes);
  }

  @Override
  public long queued() {
    return channel.queued();
  }

  @Override
  public void pause() {
    channel.pause();
  }

  @Override
  public void resume() {
    channel.resume();
  }

  @Override
  public void end() {
    channel.end();
  }

  @Override
  public void closeAfterWrites() {
    channel.closeAfterWrites();
  }

  @Override
  public void close() {
    channel.close();
  }

  @Override
  public void execute(Runnable task) {
    channel.execute(task);
  }

  @Override
  public Transport.Threads threads() {
    return channel.threads();
  }
}
