package io.libprocess.classfile;

import static io.libprocess.classfile.ConstantPool.u1;
import static io.libprocess.classfile.ConstantPool.u2;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Walks the instructions of a method for those that name members or classes. */
final class Code {

  private static final int LDC = 0x12;
  private static final int LDC_W = 0x13;
  private static final int LDC2_W = 0x14;
  private static final int IINC = 0x84;
  private static final int TABLESWITCH = 0xaa;
  private static final int LOOKUPSWITCH = 0xab;
  private static final int GETSTATIC = 0xb2;
  private static final int INVOKEINTERFACE = 0xb9;
  private static final int INVOKEDYNAMIC = 0xba;
  private static final int NEW = 0xbb;
  private static final int ANEWARRAY = 0xbd;
  private static final int CHECKCAST = 0xc0;
  private static final int INSTANCEOF = 0xc1;
  private static final int WIDE = 0xc4;
  private static final int MULTIANEWARRAY = 0xc5;
  private static final int JSR_W = 0xc9; // The last one.

  /** Bytes of operands by opcode; those of -1 are told by the instruction itself. */
  private static final int[] OPERANDS = operands();

  private final ByteBuffer in;
  private final TreeMap<Integer, Integer> lines;

  /**
   * @param in the instructions alone
   * @param lines the line of the source for the first instruction of each run, by its offset
   */
  Code(ByteBuffer in, Map<Integer, Integer> lines) {
    this.in = in;
    this.lines = new TreeMap<>(lines);
  }

  private static int[] operands() {
    int[] counts = new int[JSR_W + 1];
    fill(counts, 1, 0x10, LDC, 0xa9, 0xbc);
    fill(counts, 2, 0x11, LDC_W, LDC2_W, IINC, NEW, ANEWARRAY, CHECKCAST, INSTANCEOF, 0xc6, 0xc7);
    fill(counts, 3, MULTIANEWARRAY);
    fill(counts, 4, INVOKEINTERFACE, INVOKEDYNAMIC, 0xc8, JSR_W);
    fill(counts, -1, TABLESWITCH, LOOKUPSWITCH, WIDE);
    fillRange(counts, 1, 0x15, 0x19); // Loads.
    fillRange(counts, 1, 0x36, 0x3a); // Stores.
    fillRange(counts, 2, 0x99, 0xa8); // Jumps.
    fillRange(counts, 2, GETSTATIC, INVOKEINTERFACE - 1);
    return counts;
  }

  private static void fill(int[] counts, int count, int... opcodes) {
    for (int opcode : opcodes) {
      counts[opcode] = count;
    }
  }

  private static void fillRange(int[] counts, int count, int first, int last) {
    for (int opcode = first; opcode <= last; opcode++) {
      counts[opcode] = count;
    }
  }

  List<Use> uses(ConstantPool pool, List<int[]> bootstraps) {
    List<Use> found = new ArrayList<>();
    int starts = 0;
    int line = 0;
    while (in.hasRemaining()) {
      int offset = in.position();
      Integer startsHere = lines.get(offset);
      if (startsHere != null) {
        line = startsHere;
        starts++;
      }
      int constant = next();
      if (constant != 0) {
        found.addAll(pool.uses(constant, bootstraps, line));
      }
    }
    if (starts != lines.size()) {
      throw new IllegalArgumentException("a line begins within an instruction: " + lines);
    }
    return found;
  }

  /** Reads an instruction, and returns the constant that it names or 0. */
  private int next() {
    int opcode = u1(in);
    if (opcode >= OPERANDS.length) {
      throw new IllegalArgumentException("unknown instruction " + opcode);
    }
    int end =
        OPERANDS[opcode] < 0
            ? endOfVariable(opcode, in.position())
            : in.position() + OPERANDS[opcode];
    int constant = opcode == LDC ? u1(in) : namesConstant(opcode) ? u2(in) : 0;
    in.position(end);
    return constant;
  }

  private static boolean namesConstant(int opcode) {
    return switch (opcode) {
      case LDC_W, LDC2_W, NEW, ANEWARRAY, CHECKCAST, INSTANCEOF, MULTIANEWARRAY -> true;
      default -> opcode >= GETSTATIC && opcode <= INVOKEDYNAMIC;
    };
  }

  private int endOfVariable(int opcode, int at) {
    if (opcode == WIDE) {
      return at + ((in.get(at) & 0xff) == IINC ? 5 : 3);
    }
    int aligned = (at + 3) & ~3;
    if (opcode == LOOKUPSWITCH) {
      return aligned + 8 + 8 * in.getInt(aligned + 4);
    }
    int low = in.getInt(aligned + 4);
    int high = in.getInt(aligned + 8);
    return aligned + 12 + 4 * (high - low + 1);
  }
}
