package io.libprocess.http.hpack;

import io.libprocess.http.grammar.Ascii;

/**
 * Decodes the header blocks that arrive on a connection, in their order. A block is decoded to its
 * end even if its fields are malformed or too many, since the table must remain that of the peer's
 * encoder; what is too large by far ends the connection. For one thread at a time.
 */
public final class HpackDecoder {

  private static final int MOST_UPDATES = 2;
  private static final int MOST_CONTINUATIONS = 5; // Octets of an integer after the first.
  private static final int LARGEST_KEPT = 1 << 10;
  private static final byte[] NONE = {};

  private static final HpackException CUT = HpackException.broken("a header block ends too early");
  private static final HpackException INTEGER =
      HpackException.broken("an integer in a header block is too large");
  private static final HpackException UPDATE =
      HpackException.broken("an update of the table's size inside of a header block");
  private static final HpackException TABLE_SIZE =
      HpackException.broken("the table's size is updated to more than the setting");

  private final int maxTableSize;
  private final int maxListSize;
  private final DecoderTable table;

  // The block that is decoded.
  private byte[] block = NONE;
  private int at;
  private int end;
  private long listSize;
  private boolean tooLarge;

  // The last text that was read.
  private byte[] decoded = NONE; // For texts in the Huffman code.
  private byte[] text = NONE;
  private int textFrom;
  private int textTo;

  /**
   * Makes a decoder.
   *
   * @param maxTableSize the setting of this side for the size of the table
   * @param maxListSize the largest size of the fields of one block, 32 added for each. Blocks of
   *     more are decoded up to twice this size
   */
  public HpackDecoder(int maxTableSize, int maxListSize) {
    this.maxTableSize = maxTableSize;
    this.maxListSize = maxListSize;
    this.table = new DecoderTable(maxTableSize);
  }

  /**
   * Decodes a whole block.
   *
   * @throws HpackException if it is broken; the decoder must not be used any more then
   */
  public void decode(byte[] bytes, int from, int to, FieldSink sink) throws HpackException {
    block = bytes;
    at = from;
    end = to;
    listSize = 0;
    tooLarge = false;
    try {
      updateTable();
      while (at < end) {
        decodeField(sink);
      }
    } finally {
      block = NONE;
      text = NONE;
      if (decoded.length > LARGEST_KEPT) {
        decoded = NONE;
      }
    }
  }

  private void updateTable() throws HpackException {
    for (int i = 0; i < MOST_UPDATES && at < end && (block[at] & 0xE0) == 0x20; i++) {
      int size = integer(5);
      if (size > maxTableSize) {
        throw TABLE_SIZE;
      }
      table.resize(size);
    }
  }

  private void decodeField(FieldSink sink) throws HpackException {
    int first = block[at];
    if ((first & 0x80) != 0) {
      TableEntry entry = entry(integer(7));
      if (count(entry.size(), sink)) {
        pass(entry, false, sink);
      }
    } else if ((first & 0x40) != 0) {
      decodeLiteral(integer(6), true, false, sink);
    } else if ((first & 0x20) != 0) {
      throw UPDATE;
    } else {
      decodeLiteral(integer(4), false, (first & 0x10) != 0, sink);
    }
  }

  private static void pass(TableEntry entry, boolean neverIndexed, FieldSink sink) {
    if (entry.badName() == null && entry.badValue() == null) {
      sink.field(entry.name(), entry.value(), neverIndexed);
    } else {
      sink.malformed(entry.badName() != null ? entry.badName() : entry.badValue());
    }
  }

  private TableEntry entry(int index) throws HpackException {
    if (index == 0 || index > StaticTable.SIZE + table.count()) {
      throw HpackException.broken("a header block refers to entry " + index + " of the tables");
    }
    return index <= StaticTable.SIZE
        ? StaticTable.get(index)
        : table.get(index - StaticTable.SIZE - 1);
  }

  private void decodeLiteral(int index, boolean indexed, boolean neverIndexed, FieldSink sink)
      throws HpackException {
    String name;
    String badName;
    if (index != 0) {
      TableEntry entry = entry(index);
      name = entry.name();
      badName = entry.badName();
    } else {
      readText();
      badName = FieldOctets.judgeName(text, textFrom, textTo);
      name = Ascii.string(text, textFrom, textTo);
    }
    readText();
    int size = name.length() + textTo - textFrom + TableEntry.OVERHEAD;
    boolean wanted = count(size, sink);
    boolean kept = indexed && size <= table.limit();
    if (indexed) {
      table.makeRoom(size);
    }
    if (!wanted && !kept) {
      return;
    }
    String badValue = FieldOctets.judgeValue(text, textFrom, textTo);
    String value = Ascii.string(text, textFrom, textTo);
    if (kept) {
      table.add(new TableEntry(name, value, badName, badValue));
    }
    if (wanted && badName == null && badValue == null) {
      sink.field(name, value, neverIndexed);
    } else if (wanted) {
      sink.malformed(badName != null ? badName : badValue);
    }
  }

  /** Counts the size of a field; false if the fields are too large to be passed on. */
  private boolean count(int size, FieldSink sink) throws HpackException {
    listSize += size;
    if (listSize > maxListSize) {
      if (listSize > 2L * maxListSize) {
        throw HpackException.bomb("header fields of more than twice " + maxListSize + " bytes");
      }
      if (!tooLarge) {
        tooLarge = true;
        sink.tooLarge();
      }
    }
    return !tooLarge;
  }

  /** Reads a text, which is then in the array {@link #text}. */
  private void readText() throws HpackException {
    if (at == end) {
      throw CUT;
    }
    boolean huffman = block[at] < 0;
    int length = integer(7);
    if (length > end - at) {
      throw CUT;
    }
    if (huffman) {
      int room = Huffman.roomFor(length);
      if (decoded.length < room) {
        decoded = new byte[Math.max(room, 128)];
      }
      textFrom = 0;
      textTo = Huffman.decode(block, at, at + length, decoded);
      text = decoded;
    } else {
      textFrom = at;
      textTo = at + length;
      text = block;
    }
    at += length;
  }

  /** Reads an integer, whose first bits are in the next octet after those of another meaning. */
  private int integer(int prefix) throws HpackException {
    int most = (1 << prefix) - 1;
    int number = block[at++] & most;
    if (number < most) {
      return number;
    }
    long value = number;
    for (int i = 0; i < MOST_CONTINUATIONS; i++) {
      if (at == end) {
        throw CUT;
      }
      int octet = block[at++];
      value += (long) (octet & 0x7F) << 7 * i;
      if (octet >= 0) {
        if (value > Integer.MAX_VALUE) {
          throw INTEGER;
        }
        return (int) value;
      }
    }
    throw INTEGER;
  }
}
