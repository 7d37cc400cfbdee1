package io.libprocess;

import io.libprocess.net.Address;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** The address that a node puts into UPIDs, which need not be the one that it listens on. */
final class AdvertisedAddress {

  private AdvertisedAddress() {}

  static Address of(Config config, Address bound) throws IOException {
    InetAddress ip = config.advertiseIp().orElse(bound.ip());
    if (ip.isAnyLocalAddress()) {
      ip = hostIp();
    }
    return new Address(ip, config.advertisePort().orElse(bound.port()));
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
