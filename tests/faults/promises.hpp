// SPDX-License-Identifier: Apache-2.0
// What the clients asked for and what they were told, in memory that outlives the process that serves them: the other
// side of every acknowledgement.
//
//   Limits    promises_max commands, octets_max of text in all; beyond them the test program aborts.
//   Threads   a command is added by one thread and answered by another, one after the other.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace okpay::faults {

enum class Told : std::uint8_t {
    unsent,
    nothing,       // the answer never came: it may be done or not, whatever a later refusal says of a later sending
    nothing_done,  // the storage refused: it is not done, and may be sent again
    answer,        // for ever
};

class Promises {
public:
    static constexpr std::size_t promises_max = 8'192;
    static constexpr std::size_t octets_max = 32U << 20U;

    struct Promise {
        std::string command, answer;  // as service::encode writes them
        Told told = Told::unsent;
    };

    Promises();
    ~Promises();
    Promises(const Promises&) = delete;
    Promises& operator=(const Promises&) = delete;

    [[nodiscard]] std::size_t size() const;
    std::size_t add(std::string_view command);
    void tell(std::size_t index, Told told, std::string_view answer);
    [[nodiscard]] Promise at(std::size_t index) const;
    [[nodiscard]] Told told(std::size_t index) const;

    [[nodiscard]] std::vector<Promise> all() const;
    void restore(const std::vector<Promise>& promises);

    [[nodiscard]] std::int64_t refusals() const;  // times that somebody was told nothing_done

    // What a child found wrong, one sentence a line, for its parent to show.
    void report(std::string_view sentence);
    [[nodiscard]] std::string reported() const;

private:
    struct Shared;
    Shared* shared_;
};

}  // namespace okpay::faults
