package io.libprocess.grpc.interop;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A request of the cases: what it asks for, and a payload.
 *
 * @param sizes the sizes of the replies
 * @param compress whether they are to be compressed
 * @param status the status to fail with; 0 for none
 * @param message its message
 * @param payload the number of bytes after that
 */
record Ask(List<Integer> sizes, boolean compress, int status, String message, int payload) {

  static Ask of(int payload, Integer... sizes) {
    return new Ask(List.of(sizes), false, 0, "", payload);
  }

  Ask compressed() {
    return new Ask(sizes, true, status, message, payload);
  }

  static Ask failing(int status, String message) {
    return new Ask(List.of(1), false, status, message, 0);
  }

  byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeInt(sizes.size());
      for (int size : sizes) {
        out.writeInt(size);
      }
      out.writeBoolean(compress);
      out.writeInt(status);
      out.writeUTF(message);
      out.write(new byte[payload]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static Ask read(byte[] bytes) {
    try {
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
      List<Integer> sizes = new ArrayList<>();
      for (int count = in.readInt(); count > 0; count--) {
        sizes.add(in.readInt());
      }
      return new Ask(sizes, in.readBoolean(), in.readInt(), in.readUTF(), in.available());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A number as a reply. */
  static byte[] number(int number) {
    return Integer.toString(number).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }
}
