// SPDX-License-Identifier: Apache-2.0
// Each short message as a file: DIRECTORY/KEY.json, {"key","to","text"}, readable for its owner alone, because it may carry
// a code. Written beside, synced, renamed, the directory synced: a file of that name is whole, and one that is there already
// is left alone, so that a message which was written and never reported on is not there twice. Whoever takes a file away to
// send it moves it into `taken/` beside, where it is looked for too; it may be emptied once it is a day old.
//   Threads  one of its own, so that a slow disk does not stop the network's.
#pragma once

#include <filesystem>
#include <memory>

#include "telephony/way_out.hpp"

namespace okpay::telephony {

class FileWayOut final : public WayOut {
public:
    explicit FileWayOut(std::filesystem::path directory);
    ~FileWayOut() override;
    net::awaitable<WayOutAnswer> send(OutgoingText text) override;
    [[nodiscard]] bool once_by_key() const override { return true; }

private:
    std::filesystem::path directory_;
    asio::thread_pool disk_{1};
};

}  // namespace okpay::telephony
