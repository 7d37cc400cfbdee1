package io.libprocess.remote.links;

import static java.util.Objects.requireNonNull;

import io.libprocess.net.Address;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The name of a process anywhere. Its text is {@code id@ip:port}.
 *
 * @param id its name on its node; may be empty
 * @param address its node's address
 */
public record ProcessName(String id, Address address) {

  /** Checks that nothing is null. */
  public ProcessName {
    requireNonNull(id, "id");
    requireNonNull(address, "address");
  }

  /**
   * Parses the value of a header field. The id ends at the last {@code @}, because no host contains
   * one, and may contain any characters. The IP must be a literal, with brackets if it is IPv6.
   *
   * @param field ISO 8859-1, as header fields are read; the id in it is UTF-8
   * @return empty if it has another form
   */
  public static Optional<ProcessName> parse(String field) {
    int at = field.lastIndexOf('@');
    int colon = field.lastIndexOf(':');
    if (at < 0 || colon < at) {
      return Optional.empty();
    }
    String host = field.substring(at + 1, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (bracketed) {
      host = host.substring(1, host.length() - 1);
    }
    int port = port(field, colon + 1);
    if (port < 0 || bracketed != host.contains(":")) {
      return Optional.empty();
    }
    try {
      Address address = new Address(Address.parseIp(host), port);
      return Optional.of(new ProcessName(utf8(field.substring(0, at)), address));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static int port(String text, int from) {
    int port = 0;
    for (int i = from; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9 || i - from >= 5) {
        return -1;
      }
      port = 10 * port + digit;
    }
    return from == text.length() ? -1 : port;
  }

  /** The text whose UTF-8 bytes were read as ISO 8859-1; invalid UTF-8 becomes U+FFFD. */
  public static String utf8(String latin) {
    for (int i = 0; i < latin.length(); i++) {
      if (latin.charAt(i) >= 0x80) {
        return new String(latin.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
      }
    }
    return latin;
  }

  @Override
  public String toString() {
    return id + "@" + address;
  }
}
