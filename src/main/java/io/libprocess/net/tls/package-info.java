/**
 * TLS on top of any {@link io.libprocess.net.Transport}, using the JDK's engines.
 *
 * <p>{@code TlsSettings} are read from variables ({@code TlsVariable}) or filled by {@link
 * io.libprocess.net.Tls.Builder}, and make a {@link io.libprocess.net.tls.TlsContext}: engines with
 * their suites, identity ({@code Pem}, {@code TlsIdentity}) and trust ({@code TlsTrust}). A {@code
 * TlsConnect} or {@code TlsAcceptance} stands for a connection until its handshake is over, a
 * {@code TlsChannel} for one that speaks TLS; {@code CipherInput} and {@code TlsOutput} are its
 * directions.
 *
 * <p>Threads: input, state and every call of a handler belong to the thread that calls the handler
 * of the raw channel; others get there with {@code execute}. Output belongs to the one thread that
 * encrypts. The slow parts of a handshake run on the runtime's own threads for blocking work.
 *
 * <p>Locks: only that of {@code TlsOutput}, held for a few instructions.
 *
 * <p>Who may call in: the facade {@code net.Tls} and {@code net.ServerSocket}, through {@code
 * TlsContext}, {@code TlsSettings} and {@code TlsVariable}; no other code.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.net.tls;
