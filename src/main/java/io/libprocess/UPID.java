package io.libprocess;

import io.libprocess.http.Percent;
import io.libprocess.http.Url;
import io.libprocess.net.Address;
import java.util.Objects;
import java.util.Optional;

/**
 * The name of a process anywhere: an id and the address of its node. Its text is {@code
 * id@ip:port}. Two UPIDs with the same id and address are equal; a {@link PID} is the UPID of a
 * process of known type on a node in this JVM.
 */
public sealed class UPID permits PID {

  /** The UPID of no process: the sender of a message that was posted from outside any process. */
  public static final UPID NONE = new UPID("", Address.NONE);

  private final Object idOrNumber; // See Id.text.
  private final Address address;

  /**
   * Makes the name of a process.
   *
   * @param id may be empty
   * @param address the node's address
   */
  public UPID(String id, Address address) {
    this((Object) Objects.requireNonNull(id, "id"), address);
  }

  UPID(Object idOrNumber, Address address) {
    this.idOrNumber = idOrNumber;
    this.address = Objects.requireNonNull(address, "address");
  }

  /**
   * Parses a text as {@link #parse} does.
   *
   * @throws IllegalArgumentException if {@code text} has another form
   */
  public static UPID of(String text) {
    return parse(text)
        .orElseThrow(
            () -> new IllegalArgumentException("not of the form id@ip:port: '" + text + "'"));
  }

  /**
   * Parses {@code id@ip:port}, without blanks inside. The IP must be a literal, with brackets if it
   * is IPv6: parsing never looks up a name.
   *
   * @return empty if {@code text} has another form
   */
  public static Optional<UPID> parse(String text) {
    String trimmed = text.trim();
    int at = trimmed.indexOf('@');
    int colon = trimmed.lastIndexOf(':');
    if (at < 0 || colon < at || hasBlanks(trimmed)) {
      return Optional.empty();
    }
    String host = trimmed.substring(at + 1, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (bracketed) {
      host = host.substring(1, host.length() - 1);
    }
    if (bracketed != host.contains(":")) {
      return Optional.empty();
    }
    String port = trimmed.substring(colon + 1);
    if (!isShortNumber(port)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new UPID(
              trimmed.substring(0, at),
              new Address(Address.parseIp(host), Integer.parseInt(port))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static boolean hasBlanks(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) == 127) {
        return true;
      }
    }
    return false;
  }

  /** Whether a text has one to five decimal digits and nothing else. */
  private static boolean isShortNumber(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= 5;
  }

  /** The name of the process on its node. */
  public final String id() {
    return idOrNumber instanceof String id ? id : textOf((Long) idOrNumber);
  }

  /** Makes the id from a number. */
  String textOf(Long number) {
    return Id.text(number);
  }

  /** The key for {@link #id} in the table of processes. */
  final Object key() {
    return idOrNumber instanceof String id ? Id.key(id) : idOrNumber;
  }

  /** The address of the node. */
  public final Address address() {
    return address;
  }

  /**
   * The URL at which the process answers HTTP.
   *
   * @param target the rest of the path, with a query: {@code /size?unit=KB}; may be empty
   * @throws IllegalArgumentException if it has characters that have to be encoded
   */
  public final Url url(String target) {
    return Url.of(address).withTarget("/" + Percent.encode(id()) + target);
  }

  /** Whether this names no process: the id is empty and the address is {@link Address#NONE}. */
  public final boolean isEmpty() {
    return idOrNumber.equals("") && address.equals(Address.NONE);
  }

  @Override
  public final boolean equals(Object other) {
    return other == this
        || other instanceof UPID upid && id().equals(upid.id()) && address.equals(upid.address);
  }

  @Override
  public final int hashCode() {
    return 31 * id().hashCode() + address.hashCode();
  }

  @Override
  public final String toString() {
    return id() + "@" + address;
  }
}
