package io.libprocess;

import io.libprocess.endpoints.Help;
import io.libprocess.future.Future;

/** {@code /help}: which processes there are, and what they answer. */
final class HelpProcess extends Process<HelpProcess> {

  private final Help help;

  HelpProcess(Help help) {
    super("help");
    this.help = help;
  }

  @Override
  protected void initialize() {
    int prefix = "/help".length();
    routeRest(request -> Future.of(help.answer(request, request.path().substring(prefix))));
  }
}
