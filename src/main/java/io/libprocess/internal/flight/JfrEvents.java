package io.libprocess.internal.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;

/**
 * The event types; each has the category of the library, and a name that begins with its package.
 */
final class JfrEvents {

  private JfrEvents() {}

  @Name("io.libprocess.ProcessRun")
  @Label("Process Run")
  @Category("libprocess")
  @Description("A process served a batch of events; recorded if that took long")
  @StackTrace(false)
  @Threshold("10 ms")
  static final class ProcessRun extends Event {
    @Label("Process")
    String process;

    @Label("Class")
    Class<?> processClass;

    @Label("Events")
    @Description("How many events were served; the last ones, if more came meanwhile")
    long events;
  }

  @Name("io.libprocess.AsyncCall")
  @Label("Blocking Call")
  @Category("libprocess")
  @Description("A blocking call ran; recorded if that took long")
  @StackTrace(false)
  @Threshold("10 ms")
  static final class AsyncCall extends Event {
    @Label("Succeeded")
    boolean succeeded;
  }

  @Name("io.libprocess.Stall")
  @Label("Stall")
  @Category("libprocess")
  @Description("An event takes longer than the stall threshold")
  @StackTrace(false)
  static final class Stall extends Event {
    @Label("Process")
    String process;

    @Label("Event")
    String event;

    @Label("Worker")
    Thread worker;
  }

  @Name("io.libprocess.TakeOver")
  @Label("Take-over")
  @Category("libprocess")
  @Description("Another worker polls for I/O because one did not return")
  @StackTrace(false)
  static final class TakeOver extends Event {
    @Label("Worker")
    Thread worker;
  }

  @Name("io.libprocess.MailboxHighWater")
  @Label("Mailbox High-water")
  @Category("libprocess")
  @Description("Twice as many events wait for a process as ever before, or all that may")
  @StackTrace(false)
  static final class MailboxHigh extends Event {
    @Label("Process")
    String process;

    @Label("Waiting")
    long waiting;
  }

  @Name("io.libprocess.Connection")
  @Label("Connection")
  @Category("libprocess")
  @Description("A connection was opened or closed")
  @StackTrace(false)
  static final class Connection extends Event {
    @Label("Remote Address")
    String remote;

    @Label("Opened")
    boolean opened;
  }

  @Name("io.libprocess.Request")
  @Label("Request")
  @Category("libprocess")
  @Description("A request was answered")
  @StackTrace(false)
  static final class Request extends Event {
    @Label("Route")
    String route;

    @Label("Status")
    int status;

    @Label("Took")
    @Timespan(Timespan.NANOSECONDS)
    long took;
  }

  @Name("io.libprocess.MessageDropped")
  @Label("Message Dropped")
  @Category("libprocess")
  @Description("Messages did not leave this node")
  @StackTrace(false)
  static final class MessageDropped extends Event {
    @Label("To")
    String to;

    @Label("Messages")
    long messages;
  }
}
