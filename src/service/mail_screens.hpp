// SPDX-License-Identifier: Apache-2.0
// The words on the pictures of a mail, for triage: read where the text lacks a fact, before the mail is filed, so that
// nobody is asked for what they have shown. The words are kept nowhere; what triage takes from them is.
//
//   Child     of its own: it needs more memory and time than those that read mails and files, and starts when first needed.
//   Never     keeps a mail: pictures that end the child, take too long, or come while too many wait, are not read.
//   Threads   any; `read` returns at once.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/bytes.hpp"
#include "base/moment.hpp"
#include "sandbox/child.hpp"
#include "service/child_answer.hpp"

namespace okpay::service {

inline constexpr std::size_t screens_read_max = 3;  // pictures of one mail, in its order
inline constexpr std::uint32_t screens_cpu_seconds_max = 20;  // of one mail
inline constexpr Millis screens_deadline{25'000};             // likewise
inline constexpr std::size_t screens_waiting_max = 16;        // mails; beyond it pictures are not read
inline constexpr std::size_t screens_waiting_octets_max = 64U << 20U;  // of those mails together

// The work of the child and what it warms up: a raw mail to the words on its pictures, a version before them.
Bytes read_screens_in_sandbox(ByteView raw);
void warm_up_screens_sandbox();
sandbox::ChildOptions screens_child();  // of this program
inline constexpr std::string_view screens_child_argument = "screens-child";
// Nothing where it is no answer.
std::optional<std::string> screens_answer(ByteView octets);

// The words, empty where there are none or they could not be read. Blocks for the child.
std::string words_on_pictures(const AskChild& ask, ByteView raw);

class ScreenReader {
public:
    explicit ScreenReader(AskChild ask);
    ~ScreenReader();  // ends what is under way; `then` of what waits is not called any more
    ScreenReader(const ScreenReader&) = delete;
    ScreenReader& operator=(const ScreenReader&) = delete;

    using Then = std::function<void(std::string words)>;
    // `then` is called once, on the reader's thread or before this returns.
    void read(Bytes raw, Then then);

private:
    struct Waiting {
        Bytes raw;
        Then then;
    };
    void run();

    AskChild ask_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Waiting> waiting_;     // under mutex_
    std::size_t waiting_octets_ = 0;  // under mutex_
    bool stopping_ = false;           // under mutex_
    std::thread thread_;
};

}  // namespace okpay::service
