package io.libprocess;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedFunction;
import io.libprocess.json.JsonType;
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
   * Decodes a body.
   *
   * @throws Exception if the bytes do not represent a value, for instance a {@link
   *     CharacterCodingException}; the message is then logged and dropped
   */
  T decode(byte[] bytes) throws Exception;

  /**
   * Encodes a value as a body.
   *
   * @throws Exception if the value cannot be encoded
   */
  byte[] encode(T value) throws Exception;

  /**
   * Values of a class as JSON in UTF-8; mostly records, as objects. {@link JsonType} says which
   * classes there are, and how.
   *
   * @throws IllegalArgumentException if the class has no JSON form
   */
  static <T> Codec<T> json(Class<T> type) {
    return json(JsonType.of(type));
  }

  /** Values of a type as JSON in UTF-8: {@code Codec.json(JsonType.of(Order.class).list())}. */
  static <T> Codec<T> json(JsonType<T> type) {
    requireNonNull(type, "type");
    return of(type::parse, value -> type.text(value).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Makes a codec of two functions, such as {@code Codec.of(Ping::parseFrom, Ping::toByteArray)}.
   */
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
