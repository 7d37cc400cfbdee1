package io.libprocess.http.http2;

/**
 * How urgent a response is: RFC 9218.
 *
 * @param urgency from 0, the most urgent, to 7
 * @param incremental whether a part of the response is of use, so that it may be sent in turn with
 *     others
 */
public record Priority(int urgency, boolean incremental) {

  /** That of a request which says nothing: no response waits for all of another. */
  public static final Priority UNSAID = new Priority(3, true);

  private static final Priority DEFAULT = new Priority(3, false);

  /** Parses the value of a field of a request; what cannot be understood has its default. */
  public static Priority parse(String value) {
    return DEFAULT.changed(value);
  }

  /** This priority with the parts that the value of a field gives. */
  public Priority changed(String value) {
    int newUrgency = urgency;
    boolean newIncremental = incremental;
    for (String part : value.split(",")) {
      String item = part.strip();
      int parameters = item.indexOf(';');
      String member = parameters < 0 ? item : item.substring(0, parameters).stripTrailing();
      switch (member) {
        case "i", "i=?1" -> newIncremental = true;
        case "i=?0" -> newIncremental = false;
        default -> {
          if (member.length() == 3
              && member.startsWith("u=")
              && member.charAt(2) >= '0'
              && member.charAt(2) <= '7') {
            newUrgency = member.charAt(2) - '0';
          }
        }
      }
    }
    return new Priority(newUrgency, newIncremental);
  }
}
