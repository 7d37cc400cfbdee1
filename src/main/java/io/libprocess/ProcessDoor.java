package io.libprocess;

import io.libprocess.actor.ProcessAccess;
import io.libprocess.actor.ProcessCell;
import io.libprocess.http.access.Access;
import io.libprocess.runtime.NodeAccess;
import io.libprocess.runtime.Runtime;
import io.libprocess.web.PendingRequest;
import java.io.IOException;

/**
 * Gives the actor core access to the parts of processes and PIDs that users must not touch, and the
 * simulation a way to start nodes on a runtime of its own.
 */
final class ProcessDoor extends ProcessAccess {

  static {
    ProcessAccess.give(new ProcessDoor());
    Access.give(Process.class, new Nodes());
  }

  /** Starts nodes on a runtime, and sees their processes. */
  private static final class Nodes implements NodeAccess<Node, Config> {
    @Override
    public Node start(Config config, Runtime runtime) throws IOException {
      return NodeStart.start(config, runtime);
    }

    @Override
    public Object processes(Node node) {
      return node.processes();
    }
  }

  private ProcessDoor() {}

  /** Makes sure that the actor core has this access. */
  static void open() {}

  @Override
  protected UPID pid(Object idOrNumber, ProcessCell cell) {
    return new PID<>(idOrNumber, cell);
  }

  @Override
  protected ProcessCell cell(UPID pid) {
    return pid instanceof PID<?> local ? local.cell() : null;
  }

  @Override
  protected ProcessCell cellOf(Object process) {
    return ((Process<?>) process).cell();
  }

  @Override
  protected Object key(UPID pid) {
    return pid.key();
  }

  @Override
  protected Object key(String id) {
    return Id.key(id);
  }

  @Override
  protected RuntimeException mailboxFull(UPID process, int limit) {
    return new MailboxFullException(process, limit);
  }

  @Override
  protected int attention(Object process) {
    return ((Process<?>) process).attention();
  }

  @Override
  protected void attend(Object process, int flag, boolean set) {
    ((Process<?>) process).attend(flag, set);
  }

  @Override
  protected void initialize(Object process) throws Exception {
    ((Process<?>) process).initialize();
  }

  @Override
  protected void finish(Object process) throws Exception {
    ((Process<?>) process).finish();
  }

  @Override
  protected void release(Object process) {
    ((Process<?>) process).release();
  }

  @Override
  protected void received(Object process, Message message) throws Exception {
    ((Process<?>) process).received(message);
  }

  @Override
  protected void exited(Object process, UPID pid, Exit exit) throws Exception {
    ((Process<?>) process).exited(pid, exit);
  }

  @Override
  protected void requested(Object process, PendingRequest request) {
    ((Process<?>) process).requested(request);
  }

  @Override
  protected boolean awaitsBody(Object process, PendingRequest request) {
    return ((Process<?>) process).awaitsBody(request);
  }
}
