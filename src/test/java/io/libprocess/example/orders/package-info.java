/**
 * An order service, to be copied: HTTP and JSON in front, JDBC behind, and what a service needs in
 * production.
 *
 * <p>{@link io.libprocess.example.orders.OrderServer} puts it together; {@link
 * io.libprocess.example.orders.OrderService} has the routes; {@link
 * io.libprocess.example.orders.OrderStore} has the SQL and the client of the database, which keeps
 * its {@link io.libprocess.example.orders.JdbcSession}s in a pool; {@link
 * io.libprocess.example.orders.StoreFailures} says what clients are told when the database fails.
 *
 * <p><b>Threads.</b> The routes run in a process, which nothing blocks: each query has a thread for
 * blocking calls. There are no locks.
 */
package io.libprocess.example.orders;
