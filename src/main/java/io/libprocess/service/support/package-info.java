/**
 * Code shared by the filters, pools and balancers of services: running something once when a future
 * is over, results that are made in steps, handing on values that must not get lost, sums and
 * averages over a window of time.
 *
 * <p><b>Who may call in.</b> The packages of services.
 *
 * <p><b>Threads and locks.</b> The package has no threads. All but {@link
 * io.libprocess.service.support.Ema} is for any thread. A {@link
 * io.libprocess.service.support.WindowedSum} has a lock, held for a few instructions.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.service.support;
