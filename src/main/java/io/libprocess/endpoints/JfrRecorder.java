package io.libprocess.endpoints;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/** Records with the JDK's flight recorder; only loaded if there is such a module. */
final class JfrRecorder implements Recorder {

  private static final List<String> CPU_SAMPLES =
      List.of("jdk.ExecutionSample", "jdk.NativeMethodSample");

  /** Native methods that only wait, although they are sampled. */
  private static final List<String> WAITING =
      List.of(
          "java.net.PlainSocketImpl.socketAccept",
          "java.lang.ProcessHandleImpl.waitForProcessExit0",
          "sun.nio.ch.EPoll.wait",
          "sun.nio.ch.KQueue.poll",
          "sun.nio.ch.Net.accept",
          "sun.nio.ch.Net.poll",
          "sun.nio.ch.WEPoll.wait");

  private static final String LAMBDA = "$$Lambda";

  private static final String ALLOCATION = "jdk.ObjectAllocationSample";
  private static final Duration SAMPLING = Duration.ofMillis(10);

  @Override
  public Run start(Kind kind) {
    Recording recording = new Recording();
    try {
      recording.setName("libprocess " + kind);
      if (kind == Kind.CPU) {
        for (String type : CPU_SAMPLES) {
          recording.enable(type).withPeriod(SAMPLING).withStackTrace();
        }
      } else {
        recording.enable(ALLOCATION).with("throttle", "1000/s").withStackTrace();
        recording.enable("jdk.OldObjectSample").withStackTrace();
        recording.enable("jdk.GCHeapSummary");
      }
      recording.enable("jdk.ActiveSetting");
      recording.start();
      return new Started(recording);
    } catch (Throwable thrown) {
      recording.close();
      throw thrown;
    }
  }

  private record Started(Recording recording) implements Run {

    @Override
    public void endInto(Path file) throws IOException {
      if (recording.getState() == RecordingState.RUNNING) {
        recording.stop();
      }
      recording.dump(file);
      recording.close(); // Not before it is written, so that it can be tried again.
    }

    @Override
    public void drop() {
      recording.close();
    }
  }

  @Override
  public Map<String, Long> stacks(Path file, Kind kind) throws IOException {
    Map<String, Long> weights = new TreeMap<>();
    try (RecordingFile recorded = new RecordingFile(file)) {
      while (recorded.hasMoreEvents()) {
        RecordedEvent event = recorded.readEvent();
        String type = event.getEventType().getName();
        boolean isWanted =
            kind == Kind.CPU
                ? CPU_SAMPLES.contains(type) && !waits(event)
                : type.equals(ALLOCATION);
        if (isWanted) {
          long weight = kind == Kind.CPU ? 1 : event.getLong("weight");
          weights.merge(stack(event, kind), weight, Long::sum);
        }
      }
    }
    return weights;
  }

  private static String stack(RecordedEvent event, Kind kind) {
    StringBuilder stack = new StringBuilder();
    RecordedThread thread = kind == Kind.CPU ? event.getThread("sampledThread") : event.getThread();
    stack.append(thread == null ? "unknown thread" : name(thread));
    List<RecordedFrame> frames = frames(event);
    for (int i = frames.size() - 1; i >= 0; i--) {
      RecordedMethod method = frames.get(i).getMethod();
      stack.append(';').append(nameOf(method));
    }
    if (kind == Kind.ALLOCATIONS) {
      RecordedClass type = event.getClass("objectClass");
      stack.append(';').append(type == null ? "unknown class" : type.getName());
    }
    return stack.toString();
  }

  /** The methods of an event's stack, the innermost first; empty if it was not recorded. */
  private static List<RecordedFrame> frames(RecordedEvent event) {
    return event.getStackTrace() == null ? List.of() : event.getStackTrace().getFrames();
  }

  /** The class and the method; for a lambda, without the part that differs in each JVM. */
  private static String nameOf(RecordedMethod method) {
    String type = method.getType().getName();
    int lambda = type.indexOf(LAMBDA);
    return (lambda < 0 ? type : type.substring(0, lambda + LAMBDA.length()))
        + '.'
        + method.getName();
  }

  /** Whether a thread was sampled in a call that only waits and takes no processor time. */
  private static boolean waits(RecordedEvent event) {
    List<RecordedFrame> frames = frames(event);
    return !frames.isEmpty() && WAITING.contains(nameOf(frames.get(0).getMethod()));
  }

  private static String name(RecordedThread thread) {
    String name = thread.getJavaName() == null ? thread.getOSName() : thread.getJavaName();
    return name == null ? "unknown thread" : name.replace(';', ',');
  }
}
