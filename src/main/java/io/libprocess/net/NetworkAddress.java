package io.libprocess.net;

import java.util.Optional;

/**
 * The address of a listener or of one end of a connection: an {@link Address} of IP, or a {@link
 * UnixAddress} in the file system. (libprocess: {@code network::Address}.)
 */
public sealed interface NetworkAddress permits Address, UnixAddress {

  /** This address if it is an IP address. */
  default Optional<Address> inet() {
    return this instanceof Address address ? Optional.of(address) : Optional.empty();
  }
}
