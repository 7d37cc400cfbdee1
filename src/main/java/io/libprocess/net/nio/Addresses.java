package io.libprocess.net.nio;

import io.libprocess.net.Address;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.UnixAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/** Conversions between this library's addresses and the JDK's. */
public final class Addresses {

  private Addresses() {}

  public static SocketAddress toSystem(NetworkAddress address) {
    return address instanceof Address inet
        ? new InetSocketAddress(inet.ip(), inet.port())
        : UnixDomainSocketAddress.of(((UnixAddress) address).path());
  }

  static NetworkAddress ofSystem(SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? new Address(inet.getAddress(), inet.getPort())
        : new UnixAddress(((UnixDomainSocketAddress) address).getPath().toString());
  }
}
