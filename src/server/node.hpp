// SPDX-License-Identifier: Apache-2.0
// One `okpay serve`: every object built once, wired, started, stopped.
//
//   Threads   one for sockets (run() is called on it), the ordered writer, the mail reader, workers for reads and hashes.
//   Start     nothing is accepted before the books are loaded; the ready line is printed when all ports listen.
//   Stop      sockets first, what is in flight is finished, then the writer; the exit status is 0.
#pragma once

#include "server/options.hpp"

namespace okpay::server {

// The exit status: 0 stopped in order, 1 could not start, 75 the data directory is owned by another process.
int serve(const Options& options);

}  // namespace okpay::server
