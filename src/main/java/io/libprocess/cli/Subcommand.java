package io.libprocess.cli;

import java.io.PrintStream;

/** What the command line asks for. */
interface Subcommand {

  /** Runs to the end; returns the exit status. */
  int run(PrintStream out, PrintStream err);
}
