package io.libprocess.badhouse.internal;

import java.util.Map;
import java.util.Properties;
import java.util.function.UnaryOperator;

/** Reads settings in every forbidden way, each in a member of its own. */
final class ReadsSettings {

  String variable() {
    return System.getenv("NAME");
  }

  Map<String, String> variables() {
    return System.getenv();
  }

  String property() {
    return System.getProperty("name");
  }

  UnaryOperator<String> propertyByReference() {
    return System::getProperty;
  }

  Properties properties() {
    return System.getProperties();
  }

  boolean truth() {
    return Boolean.getBoolean("name");
  }

  int integer() {
    return Integer.getInteger("name", 1);
  }

  long number() {
    return Long.getLong("name", 1);
  }
}
