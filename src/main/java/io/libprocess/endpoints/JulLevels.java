package io.libprocess.endpoints;

import java.util.HashMap;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Sets the level of the library's loggers in {@code java.util.logging}, and lowers those of
 * handlers that would suppress its lines. Only loaded if there is such a module.
 */
final class JulLevels implements LogLevels {

  private static final Level[] LEVELS = {Level.INFO, Level.FINE, Level.FINER, Level.ALL};

  // Kept, because otherwise it would be collected.
  private final Logger logger = Logger.getLogger("io.libprocess");

  // Guarded by the monitor of this.
  private final Map<Handler, Level> handlersBefore = new HashMap<>();
  private Level levelBefore; // While it is raised; null if the logger has that of its parent.
  private int current;
  private boolean isRaised;

  private int number() {
    int number = 0;
    while (number + 1 < LEVELS.length && logger.isLoggable(LEVELS[number + 1])) {
      number++;
    }
    return number;
  }

  @Override
  public synchronized int level() {
    return isRaised ? current : number();
  }

  @Override
  public synchronized void set(int level) {
    restore();
    int before = number();
    if (level == before) {
      return;
    }
    isRaised = true;
    levelBefore = logger.getLevel();
    current = level;
    Level wanted = LEVELS[Math.min(level, LEVELS.length - 1)];
    logger.setLevel(wanted);
    for (Logger at = logger; at != null; at = at.getUseParentHandlers() ? at.getParent() : null) {
      for (Handler handler : at.getHandlers()) {
        if (handler.getLevel().intValue() > wanted.intValue()) {
          handlersBefore.put(handler, handler.getLevel());
          handler.setLevel(wanted);
        }
      }
    }
  }

  private void restore() {
    if (isRaised) {
      isRaised = false;
      handlersBefore.forEach(Handler::setLevel);
      handlersBefore.clear();
      logger.setLevel(levelBefore);
    }
  }
}
