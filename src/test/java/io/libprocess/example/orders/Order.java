package io.libprocess.example.orders;

import java.time.Instant;

/** An order that is in the database. */
record Order(long number, String customer, String item, int quantity, Instant placed) {

  /** Whether it is what a customer has ordered. */
  boolean isFor(String customer, NewOrder order) {
    return this.customer.equals(customer)
        && item.equals(order.item())
        && quantity == order.quantity();
  }
}
