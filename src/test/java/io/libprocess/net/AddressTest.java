package io.libprocess.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
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

  @Test
  void port_hasSixteenBits() {
    assertEquals(0, Address.loopback(0).port());
    assertEquals(65535, Address.loopback(65535).port());
    assertThrows(IllegalArgumentException.class, () -> Address.loopback(-1));
    assertThrows(IllegalArgumentException.class, () -> Address.loopback(65536));
    assertThrows(NullPointerException.class, () -> new Address(null, 1));
  }

  @Test
  void wellKnownAddresses() {
    assertEquals("0.0.0.0:0", Address.NONE.toString());
    assertEquals("127.0.0.1:80", Address.loopback(80).toString());
    assertTrue(Address.NONE.isAny());
    assertTrue(new Address(Address.parseIp("::"), 80).isAny());
    assertFalse(Address.loopback(0).isAny());
  }

  @Test
  void order_isThatOfTheIpAndThenOfThePort() {
    List<String> ips = List.of("9.0.0.1", "10.0.0.0", "10.0.0.1", "200.0.0.0");
    List<Address> sorted = new ArrayList<>();
    for (String ip : ips) {
      sorted.add(new Address(Address.parseIp(ip), 2));
      sorted.add(new Address(Address.parseIp(ip), 10));
    }
    for (int i = 0; i < sorted.size(); i++) {
      for (int j = 0; j < sorted.size(); j++) {
        int order = sorted.get(i).compareTo(sorted.get(j));
        assertEquals(Integer.compare(i, j), Integer.signum(order));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"256.0.0.0", "0.256.0.0", "0.0.256.0", "0.0.0.256", "0.999.0.0"})
  void number_ofMoreThanEightBits_isNone(String text) {
    assertThrows(IllegalArgumentException.class, () -> Address.parseIp(text));
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
