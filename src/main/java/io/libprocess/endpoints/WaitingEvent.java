package io.libprocess.endpoints;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An event that waits for a process, as {@code /__processes__} shows it.
 *
 * @param members the members by name; they are shown in the order of their names, as in the
 *     original
 */
public record WaitingEvent(SortedMap<String, String> members) {

  /**
   * The events waiting for a process.
   *
   * @param id the process's id
   * @param events the first waiting events, in order
   * @param more how many more wait that are not shown
   */
  public record Queue(String id, List<WaitingEvent> events, int more) {}

  /**
   * Makes an event of a type.
   *
   * @param type the type, such as {@code MESSAGE}
   * @param others the other members
   */
  public static WaitingEvent of(String type, Map<String, String> others) {
    SortedMap<String, String> members = new TreeMap<>(others);
    members.put("type", type);
    return new WaitingEvent(members);
  }

  /** A description for people: its type, and its members except the body of a message. */
  public String described() {
    StringBuilder text = new StringBuilder(members.get("type"));
    members.forEach(
        (name, value) -> {
          if (!name.equals("type") && !name.equals("body")) {
            text.append(' ').append(name).append('=').append(value);
          }
        });
    return text.toString();
  }
}
