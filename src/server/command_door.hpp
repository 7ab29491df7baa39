// SPDX-License-Identifier: Apache-2.0
// How a verb other than `serve` has commands done: by the process that serves the data, else by a writer of its own.
//   SQLite      over control.sock where a process serves the directory; else this one owns the directory meanwhile.
//   PostgreSQL  as one node more: it hands commands to the node that writes, or writes itself while there is none.
// Blocking; of one thread.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "server/options.hpp"
#include "service/service.hpp"
#include "store/keyring.hpp"

namespace okpay::server {

class CommandDoor {
public:
    struct Closed {
        std::string why;  // a plain sentence
        int exit_status = 1;
    };
    // Makes the data and their key where there are none, as `serve` does. Throws StorageFailure.
    static Result<std::unique_ptr<CommandDoor>, Closed> open(const Options& options);
    virtual ~CommandDoor() = default;

    // None where who wrote has gone meanwhile: the same command may be sent again later, it is never done twice.
    virtual std::optional<service::Answer> ask(const service::Command& command) = 0;
    // Throws where the master key does not open these data, or cannot be read by this user.
    [[nodiscard]] virtual const store::Keyring& keyring() const = 0;
};

// Asks once and prints what was refused. 0, 1, or 75 where nobody answered.
int exit_status_of(const std::optional<service::Answer>& answer);
// Opens the door for one command. Nothing where it was refused, which was said; `status` is then what to end with.
std::optional<service::Answer> done_by_door(const Options& options, service::CommandBody body, int& status);

}  // namespace okpay::server
