package io.libprocess.http.hpack;

/**
 * A field in a table.
 *
 * @param badName why the name is malformed, or null
 * @param badValue why the value is malformed, or null
 */
record TableEntry(String name, String value, String badName, String badValue) {

  /** What the size of a field is larger by than its octets, as RFC 7541, section 4.1 has it. */
  static final int OVERHEAD = 32;

  int size() {
    return name.length() + value.length() + OVERHEAD;
  }
}
