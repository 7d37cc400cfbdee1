package io.libprocess.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Objects;

/**
 * The address of a listener or of one end of a connection: an IP and a port. Its text is {@code
 * ip:port}, with an IPv6 address in brackets. (libprocess: {@code inet::Address}.)
 */
public record Address(InetAddress ip, int port) implements NetworkAddress, Comparable<Address> {

  /** {@code 0.0.0.0:0}, the absent address. */
  public static final Address NONE = new Address(bytes(0, 0, 0, 0), 0);

  /**
   * Checks the port.
   *
   * @throws IllegalArgumentException if the port is not in 0..65535
   */
  public Address {
    Objects.requireNonNull(ip, "ip");
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port not in 0..65535: " + port);
    }
  }

  /** {@code 127.0.0.1} with the given port. */
  public static Address loopback(int port) {
    return new Address(bytes(127, 0, 0, 1), port);
  }

  /**
   * Converts an address of the JDK.
   *
   * @throws IllegalArgumentException if its name has not been looked up, so that it has no IP
   */
  public static Address of(InetSocketAddress address) {
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("without an IP: " + address);
    }
    return new Address(address.getAddress(), address.getPort());
  }

  /** Converts this address for APIs of the JDK. */
  public InetSocketAddress toSocketAddress() {
    return new InetSocketAddress(ip, port);
  }

  /**
   * Parses an IP literal, without a look-up.
   *
   * @throws IllegalArgumentException if {@code text} is not an IPv4 or IPv6 literal
   */
  public static InetAddress parseIp(String text) {
    if (text.indexOf(':') < 0) {
      return parseIpv4(text);
    }
    try {
      return InetAddress.getByName("[" + text + "]"); // A literal never reaches a resolver.
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not an IP address: '" + text + "'", e);
    }
  }

  /** Four numbers of one to three decimal digits; each message of another node has such a text. */
  private static InetAddress parseIpv4(String text) {
    int[] octets = new int[4];
    int count = 0;
    int digits = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.' && digits > 0 && count < 3) {
        count++;
        digits = 0;
      } else if (c >= '0' && c <= '9' && digits < 3) {
        digits++;
        octets[count] = 10 * octets[count] + c - '0';
      } else {
        throw new IllegalArgumentException("not an IP address: '" + text + "'");
      }
    }
    if (count != 3 || digits == 0 || (octets[0] | octets[1] | octets[2] | octets[3]) > 255) {
      throw new IllegalArgumentException("not an IP address: '" + text + "'");
    }
    return bytes(octets[0], octets[1], octets[2], octets[3]);
  }

  private static InetAddress bytes(int a, int b, int c, int d) {
    try {
      return InetAddress.getByAddress(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d});
    } catch (UnknownHostException e) {
      throw new AssertionError(e); // Four bytes are always an address.
    }
  }

  /** Whether the IP is the wildcard of its family. */
  public boolean isAny() {
    return ip.isAnyLocalAddress();
  }

  @Override
  public int compareTo(Address other) {
    int byIp = Arrays.compareUnsigned(ip.getAddress(), other.ip.getAddress());
    return byIp != 0 ? byIp : Integer.compare(port, other.port);
  }

  // Written out, because the tables of nodes and connections compare addresses for each message.

  @Override
  public boolean equals(Object other) {
    return other == this
        || other instanceof Address address && port == address.port && ip.equals(address.ip);
  }

  @Override
  public int hashCode() {
    return 31 * ip.hashCode() + port;
  }

  @Override
  public String toString() {
    String host = ip.getHostAddress();
    return (ip instanceof Inet4Address ? host : "[" + host + "]") + ":" + port;
  }
}
