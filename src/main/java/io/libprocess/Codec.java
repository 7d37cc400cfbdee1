package io.libprocess;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedFunction;
import io.libprocess.internal.json.JsonRecord;
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
   * Records as JSON objects in UTF-8, whose members are named like the record's components.
   *
   * <p>A component is a boolean, a number, a {@code String}, an enum (the name of its constant), a
   * record, or an {@code Optional}, a {@code List}, or a {@code Map} with {@code String} keys, of
   * these. An {@code Optional} may be null in the text or missing, and is left out if it is empty;
   * all other components are required. Members that the record does not know are ignored, so that a
   * newer peer may send more. A value that does not fit is refused with an {@link
   * IllegalArgumentException} that names the component; text that is not JSON is refused with one
   * that names the line and column.
   *
   * @throws IllegalArgumentException if a component has another type, or if the record is in a
   *     named module that is not open to {@code io.libprocess}
   */
  static <R extends Record> Codec<R> json(Class<R> type) {
    JsonRecord<R> mapping = JsonRecord.of(type);
    return of(mapping::parse, value -> mapping.text(value).getBytes(StandardCharsets.UTF_8));
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
