/**
 * Futures, actor-like processes, messages between nodes, HTTP and metrics, on the JDK alone.
 *
 * <p>Nothing is null unless its documentation says so.
 */
module io.libprocess {
  requires static java.logging; // Levels are set in it at /logging/toggle.
  requires static java.management; // Gauges of the collector and of threads.
  requires static jdk.jfr; // Events, and the profilers.

  exports io.libprocess;
  exports io.libprocess.config;
  exports io.libprocess.context;
  exports io.libprocess.future;
  exports io.libprocess.grpc;
  exports io.libprocess.http;
  exports io.libprocess.http.filter;
  exports io.libprocess.http.form;
  exports io.libprocess.http.jwt;
  exports io.libprocess.http.security;
  exports io.libprocess.http.service;
  exports io.libprocess.json;
  exports io.libprocess.metrics;
  exports io.libprocess.net;
  exports io.libprocess.service;
  exports io.libprocess.service.balance;
  exports io.libprocess.service.filter;
  exports io.libprocess.service.stack;
  exports io.libprocess.simulation;
  exports io.libprocess.stream;
  exports io.libprocess.subprocess;
  exports io.libprocess.sync;
  exports io.libprocess.testing;
  exports io.libprocess.time;
}
