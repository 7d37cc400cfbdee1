package io.libprocess;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedFunction;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Turns values into message bodies and back.
 *
 * @param <T> the type of the values
 */
public interface Codec<T> {

  /** The bytes themselves. */
  Codec<byte[]> BYTES = of(bytes -> bytes, bytes -> bytes);

  /** Text in UTF-8; bytes that are not UTF-8 are refused. */
  Codec<String> STRING =
      of(
          bytes -> StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString(),
          text -> text.getBytes(StandardCharsets.UTF_8));

  /** A decimal integer as text. */
  Codec<Integer> INT =
      of(
          bytes -> Integer.valueOf(STRING.decode(bytes)),
          number -> number.toString().getBytes(StandardCharsets.US_ASCII));

  /**
   * The value of a body.
   *
   * @throws Exception if these bytes do not stand for a value, for instance a {@link
   *     CharacterCodingException}; the message is then logged and dropped
   */
  T decode(byte[] bytes) throws Exception;

  /**
   * The body for a value.
   *
   * @throws Exception if the value cannot be encoded
   */
  byte[] encode(T value) throws Exception;

  /** A codec of two functions, such as {@code Codec.of(Ping::parseFrom, Ping::toByteArray)}. */
  static <T> Codec<T> of(
      CheckedFunction<byte[], ? extends T> decode, CheckedFunction<? super T, byte[]> encode) {
    requireNonNull(decode, "decode");
    requireNonNull(encode, "encode");
    return new Codec<>() {
      @Override
      public T decode(byte[] bytes) throws Exception {
        return decode.apply(bytes);
      }

      @Override
      public byte[] encode(T value) throws Exception {
        return encode.apply(value);
      }
    };
  }
}
