package io.libprocess.remote.links;

import java.util.Optional;

/**
 * What another node is told of a link, and says again when it tells of the end of the process. Its
 * text is the number and the secret with a dot between them.
 *
 * @param number links that are made later have greater ones
 * @param secret says that whoever tells of an end has been told of the link: nobody can guess it
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
