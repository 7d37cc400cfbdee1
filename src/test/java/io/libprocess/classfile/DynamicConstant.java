package io.libprocess.classfile;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A class file with a dynamic constant, which javac does not write. */
final class DynamicConstant {

  private DynamicConstant() {}

  /**
   * {@code class D { static void m() { ldc dynamic(ConstantBootstraps.nullConstant, Integer) } }}.
   */
  static byte[] classFile() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(0xcafebabe);
      shorts(out, 0, 61);
      constants(out);
      shorts(out, 0x20, 2, 4, 0, 0); // Flags, the class, its superclass, no interfaces or fields.
      shorts(out, 1, 0x8, 5, 6, 1, 7); // A static method m with the attribute Code.
      out.writeInt(16);
      shorts(out, 1, 0);
      out.writeInt(4);
      out.write(new byte[] {0x12, 17, 0x57, (byte) 0xb1}); // ldc, pop, return
      shorts(out, 0, 0); // No handlers or attributes.
      shorts(out, 1, 8); // The attribute BootstrapMethods of the class.
      out.writeInt(8);
      shorts(out, 1, 16, 1, 19);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void constants(DataOutputStream out) throws IOException {
    shorts(out, 21);
    text(out, "D");
    entry(out, 7, 1); // 2: the class
    text(out, "java/lang/Object");
    entry(out, 7, 3); // 4: its superclass
    text(out, "m");
    text(out, "()V");
    text(out, "Code");
    text(out, "BootstrapMethods");
    text(out, "java/lang/invoke/ConstantBootstraps");
    entry(out, 7, 9); // 10
    text(out, "nullConstant");
    entry(out, 12, 11, 6); // 12
    entry(out, 10, 10, 12); // 13: the bootstrap method
    text(out, "value");
    entry(out, 12, 14, 20); // 15
    out.writeByte(15); // 16: the handle of the bootstrap method
    out.writeByte(6);
    shorts(out, 13);
    entry(out, 17, 0, 15); // 17: the dynamic constant
    text(out, "java/lang/Integer");
    entry(out, 7, 18); // 19: the argument of the bootstrap method
    text(out, "Ljava/lang/Object;");
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    out.writeByte(1);
    out.writeUTF(text);
  }

  private static void entry(DataOutputStream out, int tag, int... indexes) throws IOException {
    out.writeByte(tag);
    shorts(out, indexes);
  }

  private static void shorts(DataOutputStream out, int... values) throws IOException {
    for (int value : values) {
      out.writeShort(value);
    }
  }
}
