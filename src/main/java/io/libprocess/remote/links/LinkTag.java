package io.libprocess.remote.links;

import java.util.Optional;

/**
 * The tag of a link, which is sent to another node and returned by that node when it reports the
 * end of the process. Its text is the number and the secret with a dot between them.
 *
 * @param number the link's number; later links have greater ones
 * @param secret proves that the reporter of an end has received the tag; it cannot be guessed
 */
public record LinkTag(long number, long secret) {

  /**
   * Parses a field's value.
   *
   * @return empty if it has another form
   */
  public static Optional<LinkTag> parse(String text) {
    int dot = text.indexOf('.');
    if (dot < 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new LinkTag(
              Long.parseLong(text, 0, dot, 10), Long.parseLong(text, dot + 1, text.length(), 10)));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return number + "." + secret;
  }
}
