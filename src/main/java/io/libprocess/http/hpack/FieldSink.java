package io.libprocess.http.hpack;

/** Takes the fields of a header block, in their order. */
public interface FieldSink {

  /**
   * Takes a field of legal octets.
   *
   * @param name its name in lower case; that of a pseudo-field begins with a colon
   * @param neverIndexed whether no hop may put the field into its table, as it is secret
   */
  void field(String name, String value, boolean neverIndexed);

  /** Takes notice of a field with octets that are not legal. */
  void malformed(String rule);

  /**
   * Takes notice that the list of fields is larger than its limit. Called once in a block; no
   * fields follow.
   */
  void tooLarge();
}
