package io.libprocess.simulation.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The constant pool of a class file, with the names it uses (JVM Specification, 4.4). */
final class ConstantPool {

  private static final int MAGIC = 0xCAFEBABE;
  private static final int UTF8 = 1;
  private static final int CLASS = 7;
  private static final int FIELD = 9;
  private static final int METHOD = 10;
  private static final int INTERFACE_METHOD = 11;
  private static final int NAME_AND_TYPE = 12;

  private final byte[] tags;
  private final int[] first;
  private final int[] second;
  private final String[] texts;
  private String name = "";

  private ConstantPool(int size) {
    tags = new byte[size];
    first = new int[size];
    second = new int[size];
    texts = new String[size];
  }

  /**
   * Reads a class file.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static ConstantPool read(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (bytes.length < 10 || in.getInt() != MAGIC) {
      throw new IllegalArgumentException("it does not begin with CAFEBABE");
    }
    in.getInt(); // The version.
    ConstantPool pool = new ConstantPool(u2(in));
    for (int i = 1; i < pool.tags.length; i++) {
      i += pool.entry(i, in);
    }
    u2(in); // The modifiers.
    pool.name = pool.className(u2(in));
    return pool;
  }

  private static int u2(ByteBuffer in) {
    return in.getShort() & 0xFFFF;
  }

  /** Reads an entry; how many more numbers it takes up. */
  private int entry(int i, ByteBuffer in) {
    tags[i] = in.get();
    switch (tags[i]) {
      case UTF8 -> {
        byte[] text = new byte[u2(in)];
        in.get(text);
        texts[i] = new String(text, StandardCharsets.UTF_8);
      }
      case 3, 4 -> in.getInt(); // A number of 32 bits.
      case 5, 6 -> { // One of 64 bits.
        in.getLong();
        return 1;
      }
      case 15 -> { // A method handle.
        in.get();
        u2(in);
      }
      case CLASS, 8, 16, 19, 20 -> first[i] = u2(in);
      case FIELD, METHOD, INTERFACE_METHOD, NAME_AND_TYPE, 17, 18 -> {
        first[i] = u2(in);
        second[i] = u2(in);
      }
      default -> throw new IllegalArgumentException("unknown constant of kind " + tags[i]);
    }
    return 0;
  }

  private String className(int i) {
    return texts[first[i]].replace('/', '.');
  }

  /** A line for each forbidden member that it names. */
  public List<String> forbidden() {
    Set<String> found = new TreeSet<>();
    for (int i = 1; i < tags.length; i++) {
      if (tags[i] == METHOD || tags[i] == INTERFACE_METHOD) {
        String owner = className(first[i]);
        String member = texts[first[second[i]]];
        if (Forbidden.isForbidden(owner, member, texts[second[second[i]]])) {
          found.add(name + " uses " + owner + "." + member);
        }
      }
    }
    return List.copyOf(found);
  }
}
