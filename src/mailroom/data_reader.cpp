// SPDX-License-Identifier: Apache-2.0
#include "mailroom/data_reader.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace okpay::mailroom {
namespace {

constexpr std::size_t reserve_octets_max = 1U << 20U;  // a declared size is a hint, not yet an octet received

std::size_t run_without_line_break(std::string_view bytes) {
    const std::size_t end = std::min(bytes.find('\r'), bytes.size());
    return std::min(bytes.substr(0, end).find('\n'), end);
}

std::size_t hop_count(std::string_view message) {
    std::size_t hops = 0;
    while (!message.empty() && !message.starts_with("\r\n")) {
        constexpr std::string_view field = "Received:";
        if (equal_ignoring_ascii_case(message.substr(0, field.size()), field)) ++hops;
        const auto end = message.find("\r\n");
        if (end == std::string_view::npos) break;
        message.remove_prefix(end + 2);
    }
    return hops;
}

}  // namespace

DataReader::DataReader(const DataLimits& limits, std::size_t declared_octets) : limits_{limits} {
    message_.reserve(std::min({declared_octets, reserve_octets_max, limits_.message_octets_max}));
}

void DataReader::drop(DataFault because) {
    if (fault_ != DataFault::none) return;
    fault_ = because;
    Bytes{}.swap(message_);
}

void DataReader::append(std::string_view octets) {
    if (fault_ == DataFault::none) {
        struct Breach {
            std::size_t at;  // of the octet that breaks the rule, counted from the first of `octets`
            DataFault rule;
        };
        const std::array breaches{
            Breach{limits_.text_line_octets_max - line_octets_, DataFault::line_too_long},
            Breach{octets.find('\0'), DataFault::nul_octet},
            Breach{limits_.message_octets_max - message_.size(), DataFault::too_large},
        };
        const Breach first = *std::ranges::min_element(breaches, {}, &Breach::at);
        if (first.at >= octets.size()) {
            line_octets_ += octets.size();
            message_ += octets;
            return;
        }
        drop(first.rule);
        octets.remove_prefix(first.at);
    }
    dropped_octets_ += octets.size();
    if (dropped_octets_ > limits_.dropped_octets_max) status_ = DataStatus::endless;
}

void DataReader::end_line() {
    append("\r\n");
    line_octets_ = 0;
    at_ = At::line_start;
}

void DataReader::complete() {
    status_ = DataStatus::complete;
    if (fault_ == DataFault::none && hop_count(message_) > limits_.hops_max) drop(DataFault::mail_loop);
}

std::size_t DataReader::feed(std::string_view bytes) {
    std::size_t i = 0;
    while (i < bytes.size() && status_ == DataStatus::reading) {
        const char c = bytes[i];
        switch (at_) {
        case At::after_cr:
        case At::after_dot_cr:
            if (c != '\n') {
                status_ = DataStatus::bare_line_break;
            } else if (at_ == At::after_cr) {
                end_line();
            } else {
                complete();
            }
            ++i;
            break;
        case At::line_start:
        case At::in_line:
        case At::after_dot:
            if (c == '\n') {
                status_ = DataStatus::bare_line_break;
                ++i;
            } else if (c == '\r') {
                at_ = at_ == At::after_dot ? At::after_dot_cr : At::after_cr;
                ++i;
            } else if (at_ == At::line_start && c == '.') {
                at_ = At::after_dot;  // the end, or stuffed and to be left out: the next octet tells
                ++i;
            } else {
                const std::size_t run = run_without_line_break(bytes.substr(i));
                append(bytes.substr(i, run));
                at_ = At::in_line;
                i += run;
            }
            break;
        }
    }
    return i;
}

}  // namespace okpay::mailroom
