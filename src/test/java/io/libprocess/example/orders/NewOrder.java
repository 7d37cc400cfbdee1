package io.libprocess.example.orders;

/** What a customer orders: the body of a request, which is answered with 400 if it is none. */
record NewOrder(String item, int quantity) {

  NewOrder {
    if (item.isBlank() || item.length() > 100) {
      throw new IllegalArgumentException("item must have 1 to 100 characters");
    }
    if (quantity < 1 || quantity > 1000) {
      throw new IllegalArgumentException("quantity not in 1..1000: " + quantity);
    }
  }
}
