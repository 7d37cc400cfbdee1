package io.libprocess.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class AddressTest {

  @Test
  void socketAddress_isConvertedBothWays() {
    Address address = new Address(Address.parseIp("::1"), 80);
    assertEquals(new InetSocketAddress(address.ip(), 80), address.toSocketAddress());
    assertEquals(address, Address.of(address.toSocketAddress()));
    assertThrows(
        IllegalArgumentException.class,
        () -> Address.of(InetSocketAddress.createUnresolved("localhost", 80)));
  }
}
