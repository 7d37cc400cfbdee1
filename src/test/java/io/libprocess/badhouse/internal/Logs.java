package io.libprocess.badhouse.internal;

import java.io.PrintStream;
import java.util.logging.Logger;

/** Logs in every forbidden way, each in a member of its own. */
final class Logs {

  System.Logger logger() {
    return System.getLogger("name");
  }

  Logger oldLogger() {
    return Logger.getLogger("name");
  }

  PrintStream error() {
    return System.err;
  }

  void trace(Throwable error) {
    error.printStackTrace();
  }
}
