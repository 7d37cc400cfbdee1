package io.libprocess.internal.json;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parses one JSON text, strictly by the grammar of RFC 8259: no comments, no trailing commas, no
 * byte order mark. Unpaired surrogates in escapes are accepted as they are; a member that occurs
 * twice is an error, because readers disagree on which one counts.
 */
final class JsonReader {

  private static final String AT_END = "the text ends where %s is due";

  private final String text;
  private final JsonLimits limits;

  private int at; // The index of the next character.
  private int depth;

  JsonReader(String text, JsonLimits limits) {
    this.text = text;
    this.limits = limits;
  }

  Object read() {
    if (text.length() > limits.size()) {
      throw new JsonException(
          "a text of " + text.length() + " characters; at most " + limits.size() + " may be");
    }
    Object value = value();
    skipBlanks();
    if (at < text.length()) {
      throw unexpected("the end");
    }
    return value;
  }

  private Object value() {
    skipBlanks();
    if (at == text.length()) {
      throw unexpected("a value");
    }
    return switch (text.charAt(at)) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      case 't' -> literal("true", Boolean.TRUE);
      case 'f' -> literal("false", Boolean.FALSE);
      case 'n' -> literal("null", null);
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      default -> throw unexpected("a value");
    };
  }

  /* ------ Arrays and objects ------ */

  private Map<String, Object> object() {
    enter();
    Map<String, Object> members = new LinkedHashMap<>();
    if (!takes('}')) {
      do {
        member(members);
      } while (takes(','));
      take('}', "',' or '}'");
    }
    depth--;
    return Collections.unmodifiableMap(members);
  }

  private void member(Map<String, Object> members) {
    skipBlanks();
    if (at == text.length() || text.charAt(at) != '"') {
      throw unexpected("the name of a member");
    }
    int start = at;
    String name = string();
    if (members.containsKey(name)) {
      at = start;
      throw error("a member with the name of another");
    }
    take(':', "':'");
    members.put(name, value());
  }

  private List<Object> array() {
    enter();
    List<Object> elements = new ArrayList<>();
    if (!takes(']')) {
      do {
        elements.add(value());
      } while (takes(','));
      take(']', "',' or ']'");
    }
    depth--;
    return Collections.unmodifiableList(elements);
  }

  private void enter() {
    if (++depth > limits.depth()) {
      throw error("nested more than " + limits.depth() + " deep");
    }
    at++;
  }

  /* ------ Strings ------ */

  private String string() {
    int start = ++at;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        return text.substring(start, at++);
      }
      if (c == '\\') {
        return escapedString(start);
      }
      checkNotControl(c);
      at++;
    }
    throw unexpected("'\"'");
  }

  private String escapedString(int start) {
    StringBuilder string = new StringBuilder(at - start + 16).append(text, start, at);
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        return string.toString();
      }
      if (c == '\\') {
        string.append(escape());
      } else {
        checkNotControl(c);
        string.append(c);
        at++;
      }
    }
    throw unexpected("'\"'");
  }

  private void checkNotControl(char c) {
    if (c < ' ') {
      throw unexpected("the rest of a string");
    }
  }

  private char escape() {
    at++;
    if (at == text.length()) {
      throw unexpected("the rest of an escape");
    }
    char escaped =
        switch (text.charAt(at)) {
          case '"' -> '"';
          case '\\' -> '\\';
          case '/' -> '/';
          case 'b' -> '\b';
          case 'f' -> '\f';
          case 'n' -> '\n';
          case 'r' -> '\r';
          case 't' -> '\t';
          case 'u' -> hexadecimal();
          default -> throw unexpected("one of \"\\/bfnrtu");
        };
    at++;
    return escaped;
  }

  /** Reads four digits and stays on the last one. */
  private char hexadecimal() {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      at++;
      int digit = at < text.length() ? hexDigit(text.charAt(at)) : -1;
      if (digit < 0) {
        throw unexpected("a hexadecimal digit");
      }
      code = code << 4 | digit;
    }
    return (char) code;
  }

  private static int hexDigit(char c) {
    return c < 128 ? Character.digit(c, 16) : -1; // Digits of other scripts do not count.
  }

  /* ------ Numbers and words ------ */

  private JsonNumber number() {
    int start = at;
    if (text.charAt(at) == '-') {
      at++;
    }
    if (at < text.length() && text.charAt(at) == '0') {
      at++;
    } else {
      digits();
    }
    if (at < text.length() && text.charAt(at) == '.') {
      at++;
      digits();
    }
    if (at < text.length() && (text.charAt(at) | 0x20) == 'e') {
      at++;
      if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
        at++;
      }
      digits();
    }
    if (at - start > limits.number()) {
      at = start;
      throw error("a number of over " + limits.number() + " characters");
    }
    return new JsonNumber(text.substring(start, at));
  }

  private void digits() {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == start) {
      throw unexpected("a digit");
    }
  }

  private <T> T literal(String word, T value) {
    if (!text.startsWith(word, at)) {
      throw unexpected("a value");
    }
    at += word.length();
    return value;
  }

  /* ------ Characters ------ */

  private void skipBlanks() {
    while (at < text.length() && isBlank(text.charAt(at))) {
      at++;
    }
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }

  private boolean takes(char wanted) {
    skipBlanks();
    if (at < text.length() && text.charAt(at) == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private void take(char wanted, String due) {
    if (!takes(wanted)) {
      throw unexpected(due);
    }
  }

  private JsonException unexpected(String due) {
    if (at >= text.length()) {
      return error(String.format(AT_END, due));
    }
    char c = text.charAt(at);
    String found = c > ' ' && c < 127 ? "'" + c + "'" : String.format("U+%04X", (int) c);
    return error(found + " where " + due + " is due");
  }

  private JsonException error(String problem) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < Math.min(at, text.length()); i++) {
      if (text.charAt(i) == '\n') {
        line++;
        column = 1;
      } else {
        column++;
      }
    }
    return new JsonException(problem + ", at line " + line + ", column " + column);
  }
}
