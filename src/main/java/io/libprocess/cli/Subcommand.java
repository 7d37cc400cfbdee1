package io.libprocess.cli;

import java.io.PrintStream;

/** A command of the command line. */
interface Subcommand {

  /** Runs the command to its end; returns the exit status. */
  int run(PrintStream out, PrintStream err);
}
