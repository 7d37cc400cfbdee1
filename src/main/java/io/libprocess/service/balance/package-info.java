/**
 * The parts that distribute requests over endpoints and keep sessions with them: a {@link
 * io.libprocess.service.balance.Balancer} over {@link io.libprocess.service.balance.FailureAccrual}
 * over a {@link io.libprocess.service.balance.Pool} over {@link
 * io.libprocess.service.balance.FailFast}, and the limits on the time to get a session, on its age
 * and on the number of its requests. Each is a {@link io.libprocess.service.ServiceFactory} around
 * another one.
 *
 * <p><b>Sessions do not get lost.</b> Whatever comes in between, a discard, a timeout or an error,
 * every session that was made is closed, and every count of it is undone.
 *
 * <p><b>Who may call in.</b> Users, and all packages above.
 *
 * <p><b>Threads.</b> The package has none. A waiting request continues inside the call that returns
 * a session; timers run on the clock's thread.
 *
 * <p><b>Locks.</b> A pool, a balancer, the load of an endpoint, an accrual and a fail-fast factory
 * have one each, held for a few instructions. No session is made, asked or closed and no promise
 * completed under it. Only an {@code AccrualPolicy} is called under a lock, that of its accrual,
 * and a balancer has the factories of new endpoints made under its own.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.service.balance;
