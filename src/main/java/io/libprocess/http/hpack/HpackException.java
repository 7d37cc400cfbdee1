package io.libprocess.http.hpack;

/** An error in a header block. The state of the compression is lost, so the connection must end. */
public final class HpackException extends Exception {

  private static final long serialVersionUID = 1L;

  private final boolean bomb;

  private HpackException(String rule, boolean bomb) {
    super(rule, null, false, false);
    this.bomb = bomb;
  }

  static HpackException broken(String rule) {
    return new HpackException(rule, false);
  }

  static HpackException bomb(String rule) {
    return new HpackException(rule, true);
  }

  /** Whether the block is well-formed so far, but its fields are too large to be decoded. */
  public boolean isBomb() {
    return bomb;
  }
}
