package io.libprocess.classfile;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The constants of a class file; references to other constants are resolved on use. */
final class ConstantPool {

  private static final int UTF8 = 1;
  private static final int INTEGER = 3;
  private static final int FLOAT = 4;
  private static final int LONG = 5;
  private static final int DOUBLE = 6;
  private static final int CLASS = 7;
  private static final int STRING = 8;
  private static final int FIELD = 9;
  private static final int METHOD = 10;
  private static final int INTERFACE_METHOD = 11;
  private static final int NAME_AND_TYPE = 12;
  private static final int METHOD_HANDLE = 15;
  private static final int METHOD_TYPE = 16;
  private static final int DYNAMIC = 17;
  private static final int INVOKE_DYNAMIC = 18;
  private static final int MODULE = 19;
  private static final int PACKAGE = 20;

  private static final Set<Integer> MEMBERS = Set.of(FIELD, METHOD, INTERFACE_METHOD);

  private final int[] tags;
  private final String[] texts;

  /** The two indexes of an entry that has two, the one in the first. */
  private final int[] first;

  private final int[] second;

  ConstantPool(ByteBuffer in) {
    int count = u2(in);
    tags = new int[count];
    texts = new String[count];
    first = new int[count];
    second = new int[count];
    for (int i = 1; i < count; i++) {
      read(in, i);
      if (tags[i] == LONG || tags[i] == DOUBLE) {
        i++; // These take two places, of which the second is not usable.
      }
    }
  }

  private void read(ByteBuffer in, int i) {
    int tag = u1(in);
    tags[i] = tag;
    switch (tag) {
      case UTF8 -> texts[i] = utf8(in, u2(in));
      case INTEGER, FLOAT -> in.getInt();
      case LONG, DOUBLE -> in.getLong();
      case CLASS, STRING, METHOD_TYPE, MODULE, PACKAGE -> first[i] = u2(in);
      case FIELD, METHOD, INTERFACE_METHOD, NAME_AND_TYPE, DYNAMIC, INVOKE_DYNAMIC -> {
        first[i] = u2(in);
        second[i] = u2(in);
      }
      case METHOD_HANDLE -> {
        first[i] = u1(in);
        second[i] = u2(in);
      }
      default -> throw new IllegalArgumentException("unknown constant " + tag + " at " + i);
    }
  }

  /** Modified UTF-8 differs from UTF-8 in NUL and in surrogates, which no name of ours has. */
  private static String utf8(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static int u1(ByteBuffer in) {
    return in.get() & 0xff;
  }

  static int u2(ByteBuffer in) {
    return in.getShort() & 0xffff;
  }

  String text(int i) {
    check(i, UTF8);
    return texts[i];
  }

  /** The binary name of a class; of the elements for an array, empty for those of primitives. */
  String className(int i) {
    check(i, CLASS);
    return TypeNames.ofClassConstant(text(first[i]));
  }

  private void check(int i, int tag) {
    if (tags[i] != tag) {
      throw new IllegalArgumentException("constant " + i + " is a " + tags[i] + ", not a " + tag);
    }
  }

  /** Adds every class that a constant names, in itself or in a descriptor. */
  void collectClasses(Set<String> found) {
    for (int i = 1; i < tags.length; i++) {
      if (tags[i] == CLASS) {
        found.add(className(i));
      } else if (tags[i] == METHOD_TYPE) {
        TypeNames.collect(text(first[i]), found);
      } else if (tags[i] == NAME_AND_TYPE) {
        TypeNames.collect(text(second[i]), found);
      }
    }
    found.remove("");
  }

  /**
   * The members or classes named by an instruction with this operand: none for numbers and texts;
   * for an {@code invokedynamic} or dynamic constant, all arguments of its bootstrap method, which
   * include the bodies of lambdas and the targets of method references are.
   *
   * @param bootstraps for each bootstrap method, its handle and arguments as constants
   */
  List<Use> uses(int i, List<int[]> bootstraps, int line) {
    List<Use> found = new ArrayList<>();
    addUses(i, bootstraps, line, found);
    return found;
  }

  private void addUses(int i, List<int[]> bootstraps, int line, List<Use> found) {
    int tag = tags[i];
    if (tag == CLASS) {
      addClass(i, line, found);
    } else if (MEMBERS.contains(tag)) {
      found.add(member(i, line));
    } else if (tag == METHOD_HANDLE) {
      found.add(member(second[i], line));
    } else if (tag == DYNAMIC || tag == INVOKE_DYNAMIC) {
      for (int argument : bootstraps.get(first[i])) {
        addUses(argument, bootstraps, line, found);
      }
    } else if (tag == 0) {
      throw new IllegalArgumentException("no constant at " + i);
    }
  }

  private void addClass(int i, int line, List<Use> found) {
    String name = className(i);
    if (!name.isEmpty()) {
      found.add(new Use(name, "", "", line));
    }
  }

  private Use member(int i, int line) {
    if (!MEMBERS.contains(tags[i])) {
      throw new IllegalArgumentException("constant " + i + " is a " + tags[i] + ", not a member");
    }
    check(second[i], NAME_AND_TYPE);
    boolean array = text(first[first[i]]).startsWith("[");
    String owner = array ? "java.lang.Object" : className(first[i]);
    return new Use(owner, text(first[second[i]]), text(second[second[i]]), line);
  }
}
