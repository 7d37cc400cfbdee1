package io.libprocess;

import io.libprocess.actor.Event;
import io.libprocess.actor.EventFilters;
import io.libprocess.actor.EventViewer;
import io.libprocess.actor.ProcessCell;
import io.libprocess.http.Request;
import io.libprocess.internal.Log;

/** Converts events into the views of them that users see. */
enum EventViews implements EventViewer<EventView> {
  ALL;

  @Override
  public EventView message(UPID process, Message message) {
    return new EventView.MessageEvent((PID<?>) process, message);
  }

  @Override
  public EventView dispatch(UPID process, Object function) {
    return new EventView.DispatchEvent((PID<?>) process, function);
  }

  @Override
  public EventView http(UPID process, Request request, String path) {
    return new EventView.HttpEvent((PID<?>) process, request, path);
  }

  @Override
  public EventView exited(UPID process, UPID linkee, Exit exit) {
    return new EventView.ExitedEvent((PID<?>) process, linkee, exit);
  }

  @Override
  public EventView terminate(UPID process) {
    return new EventView.TerminateEvent((PID<?>) process);
  }

  /** Shows events to a user's filter. */
  record Filter(EventFilter filter) implements EventFilters.Filter {

    @Override
    public boolean drops(Event event, ProcessCell cell) {
      EventView view = cell.view(event, ALL);
      if (view == null) {
        return false;
      }
      try {
        return filter.drops(view);
      } catch (Throwable thrown) {
        Log.error("An event filter threw for " + view, thrown);
        return false;
      }
    }
  }
}
