package io.libprocess.internal.json;

/**
 * What a JSON text may be.
 *
 * @param size characters
 * @param depth how deep arrays and objects may be nested
 * @param number characters of one number: conversions take time that grows with their square
 */
public record JsonLimits(int size, int depth, int number) {

  /** For what a peer may send in a body, whose size has a limit of its own. */
  public static final JsonLimits DEFAULTS = new JsonLimits(Integer.MAX_VALUE, 128, 1000);

  /** For texts that should be small. */
  public static JsonLimits ofSize(int size) {
    return new JsonLimits(size, 16, 100);
  }
}
