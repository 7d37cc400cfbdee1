package io.libprocess.e2e;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.Process;
import io.libprocess.future.Future;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import java.util.List;

/**
 * A program with a node that sends requests to itself, for a JVM that has no module but java.base.
 */
final class BareNode {

  private static final class Hello extends Process<Hello> {
    Hello() {
      super("hello");
    }

    @Override
    protected void initialize() {
      route("/", "Greets.", request -> Future.of(Response.ok("hello")));
    }
  }

  private BareNode() {}

  public static void main(String[] args) {
    System.out.println(
        "modules: " + ModuleLayer.boot().modules().stream().map(Module::getName).toList());
    try (Node node = Node.start(Config.builder().memoryProfiling(true).build())) {
      node.spawn(new Hello());
      System.out.println("echo " + get(node, "/hello"));
      for (String path :
          List.of(
              "/profiler/start",
              "/profiler/stop",
              "/memory-profiler/start",
              "/memory-profiler/state",
              "/logging/toggle",
              "/system/stats.json",
              "/metrics/snapshot",
              "/metrics",
              "/__processes__")) {
        System.out.println(path + " " + get(node, path));
      }
    }
    System.out.println("the end");
  }

  private static String get(Node node, String target) {
    Response response = node.http().get(Url.of(node.address()).withTarget(target)).get();
    return response.status().code() + " " + response.text();
  }
}
