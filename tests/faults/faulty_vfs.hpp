// SPDX-License-Identifier: Apache-2.0
// A file system for SQLite over a Disk: registered by name, used by every connection that is opened with it. It promises
// what SQLite's own for Unix promises (powersafe overwrite, nothing about the order of writes) and keeps its locks and
// the WAL's shared memory in this process, where a power cut ends them.
#pragma once

#include <memory>
#include <string>

#include "disk.hpp"

namespace okpay::faults {

class FaultyVfs {
public:
    FaultyVfs(Disk& disk, std::string name);  // one of a name at a time
    ~FaultyVfs();
    FaultyVfs(const FaultyVfs&) = delete;
    FaultyVfs& operator=(const FaultyVfs&) = delete;
    [[nodiscard]] const std::string& name() const;

    struct State;

private:
    std::unique_ptr<State> state_;
};

}  // namespace okpay::faults
