package io.libprocess.http.form;

import io.libprocess.settings.Check;

/**
 * How much of a form is taken. Immutable.
 *
 * @param parts how many parts or fields there may be; more is answered 413
 * @param head bytes of the header fields of one part; more is answered 431
 * @param part bytes of one part; more is answered 413
 * @param memory bytes of all that a {@link Form} holds; more is answered 413
 */
public record FormLimits(int parts, int head, long part, long memory) {

  private static final FormLimits DEFAULTS = new FormLimits(1000, 8 << 10, 1L << 30, 10L << 20);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one is too small for the simplest form
   */
  public FormLimits {
    Check.atLeast("parts", parts, 1);
    Check.atLeast("head", head, 64);
    Check.atLeast("part", part, 1L);
    Check.atLeast("memory", memory, 1L);
  }

  /** 1000 parts, 8 KiB of header fields each, 1 GiB for a part, 10 MiB in memory. */
  public static FormLimits defaults() {
    return DEFAULTS;
  }

  /** With another size of a part. */
  public FormLimits withPart(long bytes) {
    return new FormLimits(parts, head, bytes, memory);
  }

  /** With another size of what is held in memory. */
  public FormLimits withMemory(long bytes) {
    return new FormLimits(parts, head, part, bytes);
  }

  /** With another number of parts. */
  public FormLimits withParts(int count) {
    return new FormLimits(count, head, part, memory);
  }
}
