package io.libprocess.badhouse.internal;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.MulticastSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import javax.net.SocketFactory;

/** Opens network channels in every forbidden way, each in a member of its own. */
final class OpensChannels {

  InetAddress[] addresses() throws IOException {
    return InetAddress.getAllByName("a.example");
  }

  InetAddress ownAddress() throws IOException {
    return InetAddress.getLocalHost();
  }

  SocketChannel channel() throws IOException {
    return SocketChannel.open();
  }

  ServerSocketChannel serverChannel() throws IOException {
    return ServerSocketChannel.open();
  }

  DatagramChannel datagramChannel() throws IOException {
    return DatagramChannel.open();
  }

  AsynchronousSocketChannel asynchronousChannel() throws IOException {
    return AsynchronousSocketChannel.open();
  }

  AsynchronousServerSocketChannel asynchronousServerChannel() throws IOException {
    return AsynchronousServerSocketChannel.open();
  }

  Selector selector() throws IOException {
    return Selector.open();
  }

  Selector providedSelector() throws IOException {
    return SelectorProvider.provider().openSelector();
  }

  Socket socket() {
    return new Socket();
  }

  ServerSocket serverSocket() throws IOException {
    return new ServerSocket();
  }

  DatagramSocket datagramSocket() throws IOException {
    return new DatagramSocket();
  }

  MulticastSocket multicastSocket() throws IOException {
    return new MulticastSocket();
  }

  Object url() throws IOException {
    return new URL("http://127.0.0.1/").openStream();
  }

  Socket factorySocket() throws IOException {
    return SocketFactory.getDefault().createSocket();
  }
}
