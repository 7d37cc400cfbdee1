package io.libprocess.http.hpack;

/**
 * The Huffman code of RFC 7541, appendix B. It is canonical: the codes of one length are
 * consecutive numbers in the order of their symbols, so the lengths are all there is to know.
 *
 * <p>Decoding takes an octet at each step. The states are the inner nodes of the tree of codes; the
 * shortest code has five bits, so a step ends at most two codes.
 */
final class Huffman {

  private static final int SYMBOLS = 257;
  private static final int END_OF_TEXT = 256;
  private static final int LONGEST = 30;
  private static final int MOST_PADDING = 7;

  /** The length of the code of each octet in bits; that of the end of a text has 30. */
  private static final String LENGTHS_OF_CODES =
      """
      13 23 28 28 28 28 28 28 28 24 30 28 28 30 28 28
      28 28 28 28 28 28 30 28 28 28 28 28 28 28 28 28
       6 10 10 12 13  6  8 11 10 10  8 11  8  6  6  6
       5  5  5  6  6  6  6  6  6  6  7  8 15  6 12 10
      13  6  7  7  7  7  7  7  7  7  7  7  7  7  7  7
       7  7  7  7  7  7  7  7  8  7  8 13 19 13 14  6
      15  5  6  5  6  5  6  6  6  5  7  7  6  6  6  5
       6  7  6  5  5  6  7  7  7  7  7 15 11 14 13 28
      20 22 20 20 22 22 22 23 22 23 23 23 23 23 24 23
      24 24 22 23 24 23 23 23 23 21 22 23 22 23 23 24
      22 21 20 22 22 23 23 21 23 22 22 24 21 22 23 23
      21 21 22 21 23 22 23 23 20 22 22 22 23 22 22 23
      26 26 20 19 22 23 22 25 26 26 26 27 27 26 24 25
      19 21 26 27 27 26 27 24 21 21 26 26 28 27 27 27
      20 24 20 21 22 21 21 23 22 22 25 25 24 24 26 23
      26 27 26 26 27 27 27 27 27 28 27 27 27 27 27 26
      30
      """;

  private static final int[] CODES = new int[SYMBOLS];
  private static final byte[] LENGTHS = new byte[SYMBOLS];

  /* A tree with 257 leaves has 256 inner nodes; node 0 is the root. */
  private static final int STATES = SYMBOLS - 1;

  /**
   * What an octet does in a state: bits 0-7 are the next state, 8-15 and 16-23 the symbols, 24-25
   * their number. Negative if the code of the end of a text is found.
   */
  private static final int[] STEPS = new int[STATES * 256];

  /** Whether a text may end in a state: after up to seven bits of 1 since the last code. */
  private static final boolean[] ENDS = new boolean[STATES];

  private static final HpackException PADDING =
      HpackException.broken("the padding of a Huffman code is not up to seven bits of 1");
  private static final HpackException END =
      HpackException.broken("the end of text inside of a Huffman code");

  static {
    String[] lengths = LENGTHS_OF_CODES.strip().split("\\s+");
    for (int symbol = 0; symbol < SYMBOLS; symbol++) {
      LENGTHS[symbol] = Byte.parseByte(lengths[symbol]);
    }
    int code = 0;
    for (int length = 1; length <= LONGEST; length++) {
      code <<= 1;
      for (int symbol = 0; symbol < SYMBOLS; symbol++) {
        if (LENGTHS[symbol] == length) {
          CODES[symbol] = code++;
        }
      }
    }
    int[] tree = tree();
    for (int state = 0; state < STATES; state++) {
      for (int octet = 0; octet < 256; octet++) {
        STEPS[state << 8 | octet] = step(tree, state, octet);
      }
    }
    int state = 0;
    for (int bits = 0; bits <= MOST_PADDING; bits++) {
      ENDS[state] = true;
      state = tree[2 * state + 1];
    }
  }

  private Huffman() {}

  /** The two children of each inner node; a leaf is the number of states plus its symbol. */
  private static int[] tree() {
    int[] tree = new int[2 * STATES]; // 0 where there is no child yet, as the root is none.
    int nodes = 1;
    for (int symbol = 0; symbol < SYMBOLS; symbol++) {
      int node = 0;
      for (int bit = LENGTHS[symbol] - 1; bit > 0; bit--) {
        int child = 2 * node + (CODES[symbol] >> bit & 1);
        if (tree[child] == 0) {
          tree[child] = nodes++;
        }
        node = tree[child];
      }
      tree[2 * node + (CODES[symbol] & 1)] = STATES + symbol;
    }
    return tree;
  }

  private static int step(int[] tree, int from, int octet) {
    int state = from;
    int symbols = 0;
    int count = 0;
    for (int bit = 7; bit >= 0; bit--) {
      int next = tree[2 * state + (octet >> bit & 1)];
      if (next == STATES + END_OF_TEXT) {
        return -1;
      }
      if (next >= STATES) {
        symbols |= next - STATES << 8 * ++count;
        next = 0;
      }
      state = next;
    }
    return count << 24 | symbols | state;
  }

  /** How many octets are enough for a decoded text, with room for the last step. */
  static int roomFor(int encoded) {
    return encoded * 8 / 5 + 2;
  }

  /**
   * Decodes a text.
   *
   * @param text the array for the text, with {@link #roomFor} it
   * @return the length of the text
   */
  static int decode(byte[] bytes, int from, int to, byte[] text) throws HpackException {
    int state = 0;
    int size = 0;
    for (int i = from; i < to; i++) {
      int step = STEPS[state << 8 | bytes[i] & 0xFF];
      if (step < 0) {
        throw END;
      }
      text[size] = (byte) (step >> 8);
      text[size + 1] = (byte) (step >> 16);
      size += step >> 24;
      state = step & 0xFF;
    }
    if (!ENDS[state]) {
      throw PADDING;
    }
    return size;
  }

  /** How many octets the code of a text has. */
  static int length(String text, boolean lower) {
    long bits = 0;
    for (int i = 0; i < text.length(); i++) {
      bits += LENGTHS[octet(text, i, lower)];
    }
    return (int) (bits + 7 >> 3);
  }

  /**
   * Puts the code of a text of ISO 8859-1.
   *
   * @param lower whether to turn letters of ASCII into lower case
   */
  static void put(String text, boolean lower, Octets out) {
    long bits = 0; // The lowest `count` bits have not been put; there are fewer than 8.
    int count = 0;
    for (int i = 0; i < text.length(); i++) {
      int octet = octet(text, i, lower);
      bits = bits << LENGTHS[octet] | CODES[octet];
      count += LENGTHS[octet];
      while (count >= 8) {
        count -= 8;
        out.put((int) (bits >> count));
      }
    }
    if (count > 0) {
      out.put((int) (bits << 8 - count) | 0xFF >> count);
    }
  }

  private static int octet(String text, int at, boolean lower) {
    int c = text.charAt(at) & 0xFF;
    return lower && c >= 'A' && c <= 'Z' ? c | 0x20 : c;
  }
}
