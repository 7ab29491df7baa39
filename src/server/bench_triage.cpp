// SPDX-License-Identifier: Apache-2.0
// Reading messages, one core: short texts as people type them, and mails of 3 KiB with small talk around the matter.
#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <iostream>

#include "base/clock.hpp"
#include "server/bench_parts.hpp"
#include "triage/read.hpp"
#include "triage/shipped.hpp"

namespace okpay::server {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::array<std::string_view, 6> matters{
    "I was charged twice for the same order yesterday, 42.90 EUR each time, transaction TXN48812093.",
    "昨天下午三点多在便利店付款￥128.50被扣了两次，麻烦退一笔。",
    "My card ending in 4242 was stolen on the bus this morning, please block it.",
    "帳戶被凍結了，所有功能都不能用，請問怎樣才能解除？",
    "How do I download a statement of last year for my tax return?",
    "提现8000元到现在还没到账，流水号 W20261102000371，后天要发工资。"};
constexpr std::array<std::string_view, 4> talk{
    "I have been a customer of yours for many years and was always content with how things went. ",
    "我是你们的老用户了，平时都挺好用的，这次实在不知道该找谁，所以写信来问一下。",
    "My husband says that the website used to have a form for this, but neither of us could find it again. ",
    "本来想打电话，上班没时间，中午排队等了半小时也没人接。"};

triage::Message message_of(std::size_t number, std::size_t octets) {
    std::string text{matters[number % matters.size()]};
    for (std::size_t i = number; text.size() + talk[i % talk.size()].size() < octets; ++i) {
        text += i % 3 == 0 ? "\n" : " ";
        text += talk[i % talk.size()];
    }
    return {.subject = "Question",
            .new_text = std::move(text),
            .from_address = "customer@example.org",
            .at = now(),
            .utc_offset_minutes = 480};
}

}  // namespace

int bench_triage(const BenchOptions& bench) {
    const auto before = Clock::now();
    const std::size_t rows = triage::shipped_model().rows();
    const std::chrono::duration<double, std::milli> load = Clock::now() - before;
    constexpr std::size_t messages = 240;
    for (const std::size_t octets : {std::size_t{0}, std::size_t{3'072}}) {
        std::vector<triage::Message> all;
        for (std::size_t i = 0; i < messages; ++i) all.push_back(message_of(i, octets));
        (void)triage::read(all.front());  // the lexicon is built once
        std::vector<double> micros;
        const auto start = Clock::now();
        const auto end = start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>{bench.seconds});
        for (std::size_t i = 0; Clock::now() < end; ++i) {
            const auto begin = Clock::now();
            const triage::Reading reading = triage::read(all[i % messages]);
            micros.push_back(std::chrono::duration<double, std::micro>(Clock::now() - begin).count());
            if (reading.language.empty()) return 1;
        }
        const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
        std::ranges::sort(micros);
        const auto at = [&](double share) {
            return micros[static_cast<std::size_t>(static_cast<double>(micros.size() - 1) * share)];
        };
        std::cout << boost::json::serialize(
                         boost::json::object{{"bench", "triage"},
                                             {"octets", octets == 0 ? "short" : "3072"},
                                             {"rate_per_s", std::round(static_cast<double>(micros.size()) / seconds)},
                                             {"p50_us", at(0.5)},
                                             {"p99_us", at(0.99)},
                                             {"done", micros.size()},
                                             {"settings", {{"model_features", rows}, {"model_load_ms", load.count()}}}})
                  << std::endl;
    }
    return 0;
}

}  // namespace okpay::server
