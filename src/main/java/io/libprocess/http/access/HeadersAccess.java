package io.libprocess.http.access;

/**
 * Makes header fields of text that a parser has checked.
 *
 * @param <H> the fields
 */
@FunctionalInterface
public interface HeadersAccess<H> {

  /**
   * Fields whose names and values are legal.
   *
   * @param fields a name, its value, the next name and so on; the array is given away
   * @param size how much of the array counts
   */
  H headers(String[] fields, int size);
}
