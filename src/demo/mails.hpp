// SPDX-License-Identifier: Apache-2.0
// Mails as the customers of the demonstration world would write them, about what happened to them: as text, to be given
// the form of a message and sent through the real door.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/moment.hpp"
#include "demo/people.hpp"
#include "demo/truth.hpp"
#include "money/money.hpp"

namespace okpay::demo {

struct SampleMail {
    std::string from_name, from_address;
    std::string subject, body;  // UTF-8, LF
    std::string charset;        // to be sent in: "utf-8", "gb18030", "big5"; it can carry the text
    std::string category;       // what it is about, as triage would say
    std::string language;       // "zh-Hans", "zh-Hant", "en"
    Moment moment;
};

// Something that happened to a customer and may be written about.
struct Occasion {
    std::int64_t customer;  // index
    std::string shop, order_ref;
    money::Money amount;
    Moment at;
    std::optional<Happening> story;  // none: an ordinary purchase
};

struct MailSources {
    std::uint64_t seed;
    Moment now;
    std::int64_t customers;          // how many there are
    std::deque<Occasion> tales;      // of the personas; oldest first, as the others
    std::deque<Occasion> stories;    // of everybody else
    std::deque<Occasion> purchases;  // ordinary ones
};
// `count` mails of the last day and a half, oldest first. The first dozen go through the categories that a desk sees
// most, in three languages; among them are the personas' double charges.
std::vector<SampleMail> write_mails(MailSources sources, std::int64_t count);

}  // namespace okpay::demo
