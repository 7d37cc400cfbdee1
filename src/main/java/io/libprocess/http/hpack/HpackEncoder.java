package io.libprocess.http.hpack;

import java.util.Arrays;

/**
 * Encodes the header blocks of a connection, in the order in which they are sent. A block begins
 * with {@link #begin}, and must be sent once it has begun. For one thread at a time.
 *
 * <p>Fields whose values seldom come again are not put into the table, as they would displace those
 * that do. Fields that are secret are marked as never to be indexed, so that nobody can guess them
 * by the size of messages, even behind further hops.
 */
public final class HpackEncoder {

  /** The table is never larger, whatever the peer offers. */
  private static final int MOST = 4096;

  private static final int INDEXED = 0x80;
  private static final int LITERAL_INDEXED = 0x40;
  private static final int TABLE_SIZE = 0x20;
  private static final int NEVER_INDEXED = 0x10;
  private static final int NOT_INDEXED = 0;
  private static final int HUFFMAN = 0x80;

  /** Cookies that are shorter could be guessed. */
  private static final int LONG_COOKIE = 20;

  private static final String[] RARELY_EQUAL = {
    ":path",
    "content-length",
    "etag",
    "age",
    "location",
    "set-cookie",
    "if-none-match",
    "if-modified-since"
  };

  private static final String STATUS = ":status";
  private static final int STATUS_INDEX = index(STATUS);
  private static final int STATUS_HASH = StaticTable.hash(STATUS);
  private static final int COOKIE = index("cookie");

  /** How a literal field is encoded, by the first index of its name in the static table. */
  private static final byte[] KINDS = new byte[StaticTable.SIZE + 1];

  static {
    Arrays.fill(KINDS, (byte) LITERAL_INDEXED);
    for (String name : RARELY_EQUAL) {
      KINDS[index(name)] = NOT_INDEXED;
    }
    KINDS[index("authorization")] = NEVER_INDEXED;
    KINDS[index("proxy-authorization")] = NEVER_INDEXED;
  }

  private final EncoderTable table = new EncoderTable(MOST);

  // What the peer's settings have said since the last block.
  private boolean sizeChanged;
  private int leastSize;
  private int lastSize;

  private static int index(String name) {
    return StaticTable.find(name, StaticTable.hash(name));
  }

  /** Notes the peer's setting for the size of the table. */
  public void tableSize(long setting) {
    int size = (int) Math.min(setting, MOST);
    leastSize = sizeChanged ? Math.min(leastSize, size) : size;
    lastSize = size;
    sizeChanged = true;
  }

  /** Begins a block: says how the size of the table has changed. */
  public void begin(Octets out) {
    if (!sizeChanged) {
      return;
    }
    sizeChanged = false;
    if (leastSize < Math.min(lastSize, table.limit())) {
      putTableSize(leastSize, out);
    }
    if (lastSize != table.limit()) {
      putTableSize(lastSize, out);
    }
  }

  private void putTableSize(int size, Octets out) {
    table.resize(size);
    putInteger(TABLE_SIZE, 5, size, out);
  }

  /** Encodes the status of a response. */
  public void status(int code, Octets out) {
    int index =
        switch (code) {
          case 200 -> STATUS_INDEX;
          case 204 -> STATUS_INDEX + 1;
          case 206 -> STATUS_INDEX + 2;
          case 304 -> STATUS_INDEX + 3;
          case 400 -> STATUS_INDEX + 4;
          case 404 -> STATUS_INDEX + 5;
          case 500 -> STATUS_INDEX + 6;
          default -> 0;
        };
    if (index > 0) {
      out.put(INDEXED | index);
      return;
    }
    encode(STATUS, STATUS_INDEX, STATUS_HASH, Integer.toString(code), LITERAL_INDEXED, out);
  }

  /**
   * Encodes a field.
   *
   * @param name its name in any case, which is sent in lower case
   * @param sensitive whether it is secret, besides those that are known to be
   */
  public void encode(String name, String value, boolean sensitive, Octets out) {
    int hash = StaticTable.hash(name);
    int fixed = StaticTable.find(name, hash);
    int kind = KINDS[fixed];
    if (sensitive || fixed == COOKIE && value.length() < LONG_COOKIE) {
      kind = NEVER_INDEXED;
    }
    encode(name, fixed, hash, value, kind, out);
  }

  private void encode(String name, int fixed, int hash, String value, int wanted, Octets out) {
    int kind = wanted;
    if (kind != NEVER_INDEXED && fixed > 0) {
      int index = StaticTable.findValue(fixed, value);
      if (index > 0) {
        putInteger(INDEXED, 7, index, out);
        return;
      }
    }
    int fieldHash = 0;
    if (kind == LITERAL_INDEXED) {
      fieldHash = EncoderTable.hash(hash, value);
      int newer = table.find(name, value, fieldHash);
      if (newer >= 0) {
        putInteger(INDEXED, 7, StaticTable.SIZE + 1 + newer, out);
        return;
      }
      int size = name.length() + value.length() + TableEntry.OVERHEAD;
      if (size > table.limit() / 4 * 3) {
        kind = NOT_INDEXED; // It would displace too many others.
      }
    }
    putLiteral(name, fixed, hash, value, kind, out);
    if (kind == LITERAL_INDEXED) {
      table.add(name, value, hash, fieldHash);
    }
  }

  private void putLiteral(String name, int fixed, int hash, String value, int kind, Octets out) {
    int index = fixed;
    if (index == 0) {
      int newer = table.findName(name, hash);
      index = newer < 0 ? 0 : StaticTable.SIZE + 1 + newer;
    }
    putInteger(kind, kind == LITERAL_INDEXED ? 6 : 4, index, out);
    if (index == 0) {
      putText(name, true, out);
    }
    putText(value, false, out);
  }

  private static void putText(String text, boolean lower, Octets out) {
    int length = Huffman.length(text, lower);
    if (length < text.length()) {
      putInteger(HUFFMAN, 7, length, out);
      out.reserve(length);
      Huffman.put(text, lower, out);
      return;
    }
    putInteger(0, 7, text.length(), out);
    out.reserve(text.length());
    for (int i = 0; i < text.length(); i++) {
      out.put(lower ? Character.toLowerCase(text.charAt(i)) : text.charAt(i));
    }
  }

  private static void putInteger(int kind, int prefix, int number, Octets out) {
    int most = (1 << prefix) - 1;
    if (number < most) {
      out.put(kind | number);
      return;
    }
    out.put(kind | most);
    int rest = number - most;
    while (rest >= 0x80) {
      out.put(rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    out.put(rest);
  }
}
