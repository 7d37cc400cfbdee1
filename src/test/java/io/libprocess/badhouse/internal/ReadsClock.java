package io.libprocess.badhouse.internal;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Calendar;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Reads the system clock in every forbidden way, each in a member of its own. */
final class ReadsClock {

  long nanoTime() {
    return System.nanoTime();
  }

  LongSupplier nanoTimeByReference() {
    return System::nanoTime;
  }

  long nanoTimeInLambda() {
    LongSupplier now = () -> System.nanoTime();
    return now.getAsLong();
  }

  long currentTimeMillis() {
    return System.currentTimeMillis();
  }

  Instant instant() {
    return Instant.now();
  }

  LocalDate date() {
    return LocalDate.now(ZoneId.of("UTC"));
  }

  Clock systemClock() {
    return Clock.systemUTC();
  }

  Clock tickingClock() {
    return Clock.tickMillis(ZoneId.of("UTC"));
  }

  Date oldDate() {
    return new Date();
  }

  Calendar calendar() {
    return Calendar.getInstance();
  }

  Calendar gregorianCalendar() {
    return new GregorianCalendar();
  }

  void sleeps() throws InterruptedException {
    Thread.sleep(1);
  }

  void sleepsInUnits() throws InterruptedException {
    TimeUnit.SECONDS.sleep(1);
  }
}
