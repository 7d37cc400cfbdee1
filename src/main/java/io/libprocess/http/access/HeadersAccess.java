package io.libprocess.http.access;

import java.util.Set;

/**
 * Makes header fields from text that a parser has checked.
 *
 * @param <H> the fields
 */
@FunctionalInterface
public interface HeadersAccess<H> {

  /**
   * Makes fields whose names and values are known to be legal.
   *
   * @param fields a name, its value, the next name and so on; the array is handed over
   * @param size the number of array elements in use
   * @param sensitive the names, in lower case, of fields that are marked as secret; the set is
   *     handed over
   */
  H headers(String[] fields, int size, Set<String> sensitive);
}
