package io.libprocess.node;

import io.libprocess.net.Address;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/** The address that a node puts into UPIDs, which may differ from the one on which it listens. */
public final class AdvertisedAddress {

  private AdvertisedAddress() {}

  /**
   * Chooses the address to advertise.
   *
   * @param wantedIp the IP that the configuration gives, if any, like the port
   * @param bound the address on which the node listens
   * @throws IOException if the configuration gives no IP and the host's name is unknown
   */
  public static Address of(
      Optional<InetAddress> wantedIp, Optional<Integer> wantedPort, Address bound)
      throws IOException {
    InetAddress ip = wantedIp.orElse(bound.ip());
    if (ip.isAnyLocalAddress()) {
      ip = hostIp();
    }
    return new Address(ip, wantedPort.orElse(bound.port()));
  }

  private static InetAddress hostIp() throws IOException {
    try {
      InetAddress host = InetAddress.getLocalHost();
      return Arrays.stream(InetAddress.getAllByName(host.getHostName()))
          .filter(Inet4Address.class::isInstance)
          .findFirst()
          .orElse(host);
    } catch (UnknownHostException e) {
      throw new IOException(
          "cannot tell which IP to advertise: the host's name is unknown; set"
              + " LIBPROCESS_ADVERTISE_IP",
          e);
    }
  }
}
