package io.libprocess.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @Test
  void addresses_areEqualIfIpAndPortAre() {
    Address address = new Address(Address.parseIp("10.0.0.1"), 80);
    Address same = new Address(Address.parseIp("10.0.0.1"), 80);
    assertEquals(address, same);
    assertEquals(address.hashCode(), same.hashCode());
    assertNotEquals(address, new Address(Address.parseIp("10.0.0.1"), 81));
    assertNotEquals(address, new Address(Address.parseIp("10.0.0.2"), 80));
    assertNotEquals(address, new Address(Address.parseIp("::1"), 80));
    assertNotEquals(address, address.toSocketAddress());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "127.0.0.1", "255.255.255.255", "010.001.000.099"})
  void fourNumbers_areAnIp(String text) {
    String[] octets = text.split("\\.");
    byte[] ip = Address.parseIp(text).getAddress();
    for (int i = 0; i < 4; i++) {
      assertEquals(Integer.parseInt(octets[i]), ip[i] & 255, text);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "1",
        "1.2.3",
        "1.2.3.",
        ".1.2.3",
        "1..2.3",
        "1.2.3.4.",
        "1.2.3.4.5",
        "1.2.3.256",
        "1.2.3.0004",
        "1.2.3.-4",
        "1.2.3.+4",
        "1.2.3.x",
        " 1.2.3.4",
        "1.2.3.4 ",
        "1.2.3.\u0664",
        "localhost",
        "999.1.1.1",
        "0x7f.0.0.1"
      })
  void anythingElseWithoutColons_isNone(String text) {
    assertThrows(IllegalArgumentException.class, () -> Address.parseIp(text));
  }
}
