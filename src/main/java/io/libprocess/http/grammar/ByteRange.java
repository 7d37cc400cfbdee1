package io.libprocess.http.grammar;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part that a {@code Range} header asks for, as far as it exists.
 *
 * @param start the index of the first byte
 * @param length the number of bytes; zero if there is no such part
 */
public record ByteRange(long start, long length) {

  private static final Pattern SINGLE =
      Pattern.compile("bytes[ \\t]*=[ \\t]*(\\d*)-(\\d*)", Pattern.CASE_INSENSITIVE);

  /**
   * Parses a header for content of {@code size} bytes. Empty if the header must be ignored: it is
   * not a range of bytes, or has more than one, which a server need not serve.
   */
  public static Optional<ByteRange> parse(String header, long size) {
    Matcher matcher = SINGLE.matcher(header.strip());
    if (!matcher.matches() || matcher.group(1).isEmpty() && matcher.group(2).isEmpty()) {
      return Optional.empty();
    }
    if (matcher.group(1).isEmpty()) {
      long length = Math.min(number(matcher.group(2)), size);
      return Optional.of(new ByteRange(size - length, length));
    }
    long first = number(matcher.group(1));
    long last = matcher.group(2).isEmpty() ? Long.MAX_VALUE : number(matcher.group(2));
    if (last < first) {
      return Optional.empty();
    }
    return Optional.of(new ByteRange(first, Math.max(0, Math.min(last, size - 1) - first + 1)));
  }

  /** Parses a number; it is capped, since no file is larger. */
  private static long number(String digits) {
    long number = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(i) - '0';
      if (number > (Long.MAX_VALUE - digit) / 10) {
        return Long.MAX_VALUE;
      }
      number = 10 * number + digit;
    }
    return number;
  }

  /** The value for {@code Content-Range}. */
  public String contentRange(long size) {
    return "bytes " + start + "-" + (start + length - 1) + "/" + size;
  }
}
