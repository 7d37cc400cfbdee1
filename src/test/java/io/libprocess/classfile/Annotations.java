package io.libprocess.classfile;

import static io.libprocess.classfile.ConstantPool.u1;
import static io.libprocess.classfile.ConstantPool.u2;

import java.nio.ByteBuffer;
import java.util.Set;

/** Collects the classes that annotations name: their own types, enums and class literals. */
final class Annotations {

  private final ConstantPool pool;
  private final Set<String> found;

  Annotations(ConstantPool pool, Set<String> found) {
    this.pool = pool;
    this.found = found;
  }

  /** Of a declaration. */
  void all(ByteBuffer in) {
    for (int n = u2(in); n > 0; n--) {
      annotation(in);
    }
  }

  /** Of the parameters of a method. */
  void ofParameters(ByteBuffer in) {
    for (int n = u1(in); n > 0; n--) {
      all(in);
    }
  }

  /** Of types, in a declaration or in code. */
  void ofTypes(ByteBuffer in) {
    for (int n = u2(in); n > 0; n--) {
      skip(in, targetLength(u1(in), in));
      skip(in, 2 * u1(in)); // The path into the type.
      annotation(in);
    }
  }

  private static int targetLength(int kind, ByteBuffer in) {
    return switch (kind) {
      case 0x00, 0x01, 0x16 -> 1;
      case 0x10, 0x11, 0x12, 0x17, 0x42, 0x43, 0x44, 0x45, 0x46 -> 2;
      case 0x13, 0x14, 0x15 -> 0;
      case 0x40, 0x41 -> 6 * u2(in); // The ranges of a local variable.
      case 0x47, 0x48, 0x49, 0x4a, 0x4b -> 3;
      default -> throw new IllegalArgumentException("unknown target of an annotation: " + kind);
    };
  }

  private static void skip(ByteBuffer in, int bytes) {
    in.position(in.position() + bytes);
  }

  private void annotation(ByteBuffer in) {
    TypeNames.collect(pool.text(u2(in)), found);
    for (int n = u2(in); n > 0; n--) {
      u2(in); // The name of the element.
      value(in);
    }
  }

  /** The value of an element, or the default of one. */
  void value(ByteBuffer in) {
    char kind = (char) u1(in);
    switch (kind) {
      case 'e' -> {
        TypeNames.collect(pool.text(u2(in)), found);
        u2(in); // The name of the enum's constant.
      }
      case 'c' -> TypeNames.collect(pool.text(u2(in)), found);
      case '@' -> annotation(in);
      case '[' -> {
        for (int n = u2(in); n > 0; n--) {
          value(in);
        }
      }
      case 'B', 'C', 'D', 'F', 'I', 'J', 'S', 'Z', 's' -> u2(in);
      default -> throw new IllegalArgumentException("unknown value of an annotation: " + kind);
    }
  }
}
