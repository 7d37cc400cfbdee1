package io.libprocess.internal.json;

/**
 * The limits of a JSON text.
 *
 * @param size the number of characters
 * @param depth how deeply arrays and objects may be nested
 * @param number the number of characters of one number: conversions take time that grows with its
 *     square
 */
public record JsonLimits(int size, int depth, int number) {

  /** For bodies from peers, whose size has its own limit. */
  public static final JsonLimits DEFAULTS = new JsonLimits(Integer.MAX_VALUE, 128, 1000);

  /** For texts that should be small. */
  public static JsonLimits ofSize(int size) {
    return new JsonLimits(size, 16, 100);
  }
}
