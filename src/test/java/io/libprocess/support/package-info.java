/** What tests of all packages share: waiting with a limit, small stacks, and what is logged. */
package io.libprocess.support;
