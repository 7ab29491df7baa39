// SPDX-License-Identifier: Apache-2.0
#include "postgres_last_error.hpp"

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>

namespace okpay::faults {
namespace {

thread_local std::string last;

class RememberingSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
    void sink_it_(const spdlog::details::log_msg& message) override {
        last.assign(message.payload.data(), message.payload.size());
    }
    void flush_() override {}
};

}  // namespace

std::shared_ptr<spdlog::logger> remembering_logger() {
    return std::make_shared<spdlog::logger>("remembering", std::make_shared<RememberingSink>());
}

std::string last_error() { return last; }

}  // namespace okpay::faults
