package io.libprocess.internal.flight;

import java.util.Objects;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;

/** Records events while a recording runs. Only loaded if there is {@code jdk.jfr}. */
final class JfrSink extends FlightSink {

  private JfrSink() {}

  /** Makes a sink that from now on notes whether a recording runs. */
  static FlightSink listening() {
    FlightRecorder.addListener(
        new FlightRecorderListener() {
          @Override
          public void recorderInitialized(FlightRecorder recorder) {
            Flight.on(isRecording(recorder));
          }

          @Override
          public void recordingStateChanged(Recording recording) {
            Flight.on(isRecording(FlightRecorder.getFlightRecorder()));
          }
        });
    if (FlightRecorder.isInitialized()) {
      Flight.on(isRecording(FlightRecorder.getFlightRecorder()));
    }
    return new JfrSink();
  }

  private static boolean isRecording(FlightRecorder recorder) {
    return recorder.getRecordings().stream()
        .anyMatch(recording -> recording.getState() == RecordingState.RUNNING);
  }

  @Override
  public Object beginRun() {
    JfrEvents.ProcessRun event = new JfrEvents.ProcessRun();
    event.begin();
    return event;
  }

  @Override
  public void endRun(Object begun, Object process, Class<?> type, long events) {
    if (begun instanceof JfrEvents.ProcessRun event && isLong(event)) {
      event.process = process.toString();
      event.processClass = type;
      event.events = events;
      event.commit();
    }
  }

  private static boolean isLong(Event event) {
    event.end(); // Otherwise its duration is not known yet.
    return event.shouldCommit();
  }

  @Override
  public Object beginCall() {
    JfrEvents.AsyncCall event = new JfrEvents.AsyncCall();
    event.begin();
    return event;
  }

  @Override
  public void endCall(Object begun, boolean succeeded) {
    if (begun instanceof JfrEvents.AsyncCall event && isLong(event)) {
      event.succeeded = succeeded;
      event.commit();
    }
  }

  @Override
  public void stalled(Object process, Object served, Thread thread) {
    JfrEvents.Stall event = new JfrEvents.Stall();
    if (event.isEnabled()) {
      event.process = Objects.toString(process, null);
      event.event = Objects.toString(served, null);
      event.worker = thread;
      event.commit();
    }
  }

  @Override
  public void tookOver(Thread from) {
    JfrEvents.TakeOver event = new JfrEvents.TakeOver();
    if (event.isEnabled()) {
      event.worker = from;
      event.commit();
    }
  }

  @Override
  public void mailboxHigh(Object process, long waiting) {
    JfrEvents.MailboxHigh event = new JfrEvents.MailboxHigh();
    if (event.isEnabled()) {
      event.process = process.toString();
      event.waiting = waiting;
      event.commit();
    }
  }

  @Override
  public void connection(Object remote, boolean opened) {
    JfrEvents.Connection event = new JfrEvents.Connection();
    if (event.isEnabled()) {
      event.remote = remote.toString();
      event.opened = opened;
      event.commit();
    }
  }

  @Override
  public void request(Object route, int status, long nanos) {
    JfrEvents.Request event = new JfrEvents.Request();
    if (event.isEnabled()) {
      event.route = route.toString();
      event.status = status;
      event.took = nanos;
      event.commit();
    }
  }

  @Override
  public void messagesDropped(Object to, long count) {
    JfrEvents.MessageDropped event = new JfrEvents.MessageDropped();
    if (event.isEnabled()) {
      event.to = String.valueOf(to);
      event.messages = count;
      event.commit();
    }
  }
}
