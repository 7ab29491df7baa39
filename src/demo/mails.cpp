// SPDX-License-Identifier: Apache-2.0
#include "demo/mails.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <tuple>
#include <utility>

#include "base/ensure.hpp"
#include "customers/local_time.hpp"
#include "demo/dice.hpp"
#include "demo/impl/mail_texts.hpp"
#include "demo/uses.hpp"

namespace okpay::demo {
namespace {

using money::Currency;
using money::Money;

constexpr std::chrono::hours written_within{36};
constexpr std::chrono::minutes noticed_after{20};  // at the earliest; what is fresher is not written about yet

// What a demonstration shows first: the tale of a persona, else a topic in a language.
struct Errand {
    Topic topic;
    std::optional<Tongue> tongue;
    std::optional<std::int64_t> persona;
};
constexpr std::array agenda{
    Errand{Topic::doubled, std::nullopt, 0},
    Errand{Topic::looks_doubled, std::nullopt, 4},
    Errand{Topic::doubled, std::nullopt, 2},
    Errand{Topic::locked, Tongue::zh_hans, std::nullopt},
    Errand{Topic::doubled, std::nullopt, 1},
    Errand{Topic::failed, std::nullopt, 5},
    Errand{Topic::info_change, Tongue::zh_hant, std::nullopt},
    Errand{Topic::fees, Tongue::en, std::nullopt},
    Errand{Topic::suspicious, Tongue::zh_hans, std::nullopt},
    Errand{Topic::refund, std::nullopt, std::nullopt},
    Errand{Topic::doubled, std::nullopt, 3},
    Errand{Topic::top_up, Tongue::zh_hant, std::nullopt},
    Errand{Topic::looks_doubled, std::nullopt, 6},
    Errand{Topic::login, Tongue::en, std::nullopt},
    Errand{Topic::card, Tongue::zh_hans, std::nullopt},
    Errand{Topic::looks_doubled, std::nullopt, 7},
    Errand{Topic::identity, Tongue::zh_hant, std::nullopt},
    Errand{Topic::how_to, Tongue::en, std::nullopt},
    Errand{Topic::complaint, Tongue::zh_hans, std::nullopt},
    Errand{Topic::off_topic, Tongue::en, std::nullopt},
    Errand{Topic::unclear, Tongue::zh_hans, std::nullopt},
    Errand{Topic::spam, Tongue::en, std::nullopt},
};
// How often, afterwards, in the order of Topic.
constexpr std::array<std::int64_t, topic_count> shares{18, 12, 12, 8, 8, 7, 7, 5, 6, 4, 6, 6, 6, 5, 2, 2, 2};

bool needs_occasion(Topic topic) {
    return topic == Topic::doubled || topic == Topic::looks_doubled || topic == Topic::failed || topic == Topic::refund;
}

// What a customer would ask who sees this in the history; nothing where there is nothing to wonder at.
std::optional<Topic> topic_of(Happening happening) {
    switch (happening) {
    case Happening::merchant_retry:
    case Happening::pos_double_tap:
    case Happening::retry_new_order:
    case Happening::late_resubmission:
    case Happening::over_collected: return Topic::doubled;
    case Happening::two_coffees:
    case Happening::two_metro_rides:
    case Happening::two_vending:
    case Happening::two_cinema_tickets:
    case Happening::two_donations:
    case Happening::split_bill:
    case Happening::reorder_after_cancel:
    case Happening::reorder_after_refund:
    case Happening::family_two_devices:
    case Happening::family_two_cards:
    case Happening::split_tender:
    case Happening::incremental_authorisation:
    case Happening::authorised_then_charged:
    case Happening::shown_twice:
    case Happening::not_ours: return Topic::looks_doubled;
    case Happening::failed_then_succeeded: return Topic::failed;
    case Happening::hold_and_capture:
    case Happening::hold_and_cancel:
    case Happening::tip_added_later:
    case Happening::monthly_fee:
    case Happening::fee_beside:
    case Happening::currency_charge:
    case Happening::instalments:
    case Happening::sent_back_and_forth:
    case Happening::sent_twice:
    case Happening::top_up_of_equal_amount: return std::nullopt;
    }
    std::abort();  // no other value is ever made
}

bool gives_rise_to(const Occasion& occasion, Topic topic) {
    return occasion.story ? topic_of(*occasion.story) == topic : topic == Topic::refund;
}

// As people write it: "￥128.00", "NT$680", "2,970 yen".
std::string amount_text(Money amount, Tongue tongue) {
    const std::string exact = amount.decimal();
    const std::string shortest = exact.ends_with(".00") ? exact.substr(0, exact.size() - 3) : exact;
    const bool english = tongue == Tongue::en;
    const bool simplified = tongue == Tongue::zh_hans;
    switch (amount.currency()) {
    case Currency::cny: return simplified ? "￥" + exact : english ? "CNY " + exact : "人民幣" + shortest + "元";
    case Currency::twd: return simplified ? "新台币" + shortest + "元" : "NT$" + shortest;
    case Currency::usd: return english ? "$" + exact : exact + "美元";
    case Currency::eur: return english ? "€" + exact : exact + (simplified ? "欧元" : "歐元");
    case Currency::jpy: return exact + (english ? " yen" : simplified ? "日元" : "日圓");
    case Currency::aud:
    case Currency::bhd:
    case Currency::cad:
    case Currency::chf:
    case Currency::gbp:
    case Currency::hkd:
    case Currency::krw:
    case Currency::mop:
    case Currency::sgd: return fmt::format("{} {}", money::code_of(amount.currency()), exact);
    }
    std::abort();  // a number from outside that was never parsed
}

// "昨天", "yesterday", "11月3日", "on 3 November", as seen by the writer.
std::string day_text(Moment what, Moment written, std::string_view zone, Tongue tongue) {
    const auto local_day = [&](Moment at) {
        return std::chrono::floor<std::chrono::days>(at + std::chrono::minutes{customers::utc_offset_minutes(zone, at)});
    };
    const auto ago = (local_day(written) - local_day(what)).count();
    const std::chrono::year_month_day date{local_day(what)};
    const bool english = tongue == Tongue::en;
    if (ago == 0) return english ? "today" : "今天";
    if (ago == 1) return english ? "yesterday" : "昨天";
    const auto month = static_cast<unsigned>(date.month());
    const auto day = static_cast<unsigned>(date.day());
    constexpr std::array<std::string_view, 12> months{"January", "February", "March",     "April",   "May",      "June",
                                                      "July",    "August",   "September", "October", "November", "December"};
    return english ? fmt::format("on {} {}", day, months[month - 1]) : fmt::format("{}月{}日", month, day);
}

std::string order_text(std::string_view order_ref, Tongue tongue) {
    if (order_ref.empty()) return "";
    switch (tongue) {
    case Tongue::zh_hans: return fmt::format("订单号 {}。", order_ref);
    case Tongue::zh_hant: return fmt::format("訂單編號 {}。", order_ref);
    case Tongue::en: return fmt::format("The order number is {}. ", order_ref);
    }
    std::abort();
}

std::string with_capital(std::string text) {
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text;
}

class Writer {
public:
    explicit Writer(MailSources sources) : sources_{std::move(sources)}, dice_{Dice::of(sources_.seed, uses::mails)} {}

    SampleMail errand(const Errand& errand) {
        if (errand.persona) {
            const auto tale = std::ranges::find(sources_.tales, *errand.persona, &Occasion::customer);
            if (tale != sources_.tales.end() && gives_rise_to(*tale, errand.topic)) return of_today(errand.topic, *tale);
        } else if (errand.tongue) {
            return without_occasion(errand.topic, writer_in(*errand.tongue));
        }
        return about(errand.topic);
    }

    SampleMail about(Topic topic) {
        if (needs_occasion(topic)) {
            if (const Occasion* occasion = take_occasion(topic)) {
                const Moment earliest = std::max(occasion->at + noticed_after, sources_.now - written_within);
                return compose(topic, occasion->customer, occasion, moment_from(earliest));
            }
            topic = Topic::fees;  // nothing of the kind has happened lately
        }
        return without_occasion(topic,
                                static_cast<std::int64_t>(dice_.below(static_cast<std::uint64_t>(sources_.customers))));
    }

    SampleMail any() { return about(static_cast<Topic>(dice_.weighted(shares))); }

private:
    // The tales speak of yesterday, so they are written today.
    SampleMail of_today(Topic topic, const Occasion& tale) {
        const Persona who = person(sources_.seed, tale.customer);
        const std::chrono::minutes offset{customers::utc_offset_minutes(who.zone, sources_.now)};
        const Moment midnight = std::chrono::floor<std::chrono::days>(sources_.now + offset) - offset;
        return compose(topic, tale.customer, &tale, moment_from(midnight));
    }
    SampleMail without_occasion(Topic topic, std::int64_t customer) {
        return compose(topic, customer, nullptr, moment_from(sources_.now - written_within));
    }

    Moment moment_from(Moment earliest) {
        const Millis span = std::max(Millis{1}, sources_.now - earliest);
        return sources_.now - span * dice_.between(20, 980) / 1'000;
    }

    // Somebody who writes in this language; a persona where the dice find nobody.
    std::int64_t writer_in(Tongue tongue) {
        constexpr int tries_max = 60;
        std::int64_t customer = 0;
        for (int i = 0; i < tries_max; ++i) {
            customer = static_cast<std::int64_t>(dice_.below(static_cast<std::uint64_t>(sources_.customers)));
            if (person(sources_.seed, customer).tongue == tongue) break;
        }
        return customer;
    }

    // Each occasion gives rise to one topic, and is written about once.
    const Occasion* take_occasion(Topic topic) {
        const auto& from = topic == Topic::refund ? sources_.purchases : sources_.stories;
        std::size_t& next = next_occasion_[static_cast<std::size_t>(topic)];
        while (next < from.size()) {
            const Occasion& occasion = from[next++];
            const bool noticed = occasion.at + noticed_after < sources_.now;
            if (noticed && gives_rise_to(occasion, topic)) return &occasion;
        }
        return nullptr;
    }

    SampleMail compose(Topic topic, std::int64_t customer, const Occasion* occasion, Moment written) {
        const Persona who = person(sources_.seed, customer);
        std::vector<Text> fitting;
        for (const Text& text : mail_texts()) {
            if (text.topic == topic && text.tongue == who.tongue) fitting.push_back(text);
        }
        ensure(!fitting.empty());
        const Text text = dice_.one_of(fitting);
        const auto fill = [&](std::string_view words) {
            if (occasion == nullptr) return fmt::format(fmt::runtime(words), fmt::arg("name", who.name));
            return fmt::format(fmt::runtime(words), fmt::arg("name", who.name), fmt::arg("shop", occasion->shop),
                               fmt::arg("amount", amount_text(occasion->amount, who.tongue)),
                               fmt::arg("day", day_text(occasion->at, written, who.zone, who.tongue)),
                               fmt::arg("time", customers::local_time_text(who.zone, occasion->at).substr(11)),
                               fmt::arg("order", order_text(occasion->order_ref, who.tongue)));
        };
        if (topic == Topic::spam) return unasked(text);
        std::string body{dice_.one_of(openings(who.tongue))};
        if (!body.empty()) body += "\n\n";
        body += with_capital(fill(text.body)) + "\n\n" + fill(dice_.one_of(closings(who.tongue))) + "\n";
        return {.from_name = who.name,
                .from_address = who.email,
                .subject = fill(text.subject),
                .body = std::move(body),
                .charset = charset(who.tongue),
                .category = std::string{category_of(topic)},
                .language = std::string{code_of(who.tongue)},
                .moment = written};
    }

    // Nobody we know sent it.
    SampleMail unasked(const Text& text) {
        const std::int64_t sender = dice_.between(10, 99'999);
        return {.from_name = std::string{text.subject},
                .from_address = fmt::format("offer{}@bulk.example", sender),
                .subject = std::string{text.subject},
                .body = std::string{text.body} + "\n",
                .charset = charset(text.tongue),
                .category = std::string{category_of(text.topic)},
                .language = std::string{code_of(text.tongue)},
                .moment = moment_from(sources_.now - written_within)};
    }

    std::string charset(Tongue tongue) {
        const bool old = dice_.chance(450);
        switch (tongue) {
        case Tongue::zh_hans: return old ? "gb18030" : "utf-8";
        case Tongue::zh_hant: return old ? "big5" : "utf-8";
        case Tongue::en: return "utf-8";
        }
        std::abort();
    }

    const MailSources sources_;
    Dice dice_;
    std::array<std::size_t, topic_count> next_occasion_{};
};

}  // namespace

std::vector<SampleMail> write_mails(MailSources sources, std::int64_t count) {
    Writer writer{std::move(sources)};
    std::vector<SampleMail> mails;
    for (std::int64_t i = 0; i < count; ++i) {
        const bool planned = std::cmp_less(i, agenda.size());
        mails.push_back(planned ? writer.errand(agenda[static_cast<std::size_t>(i)]) : writer.any());
    }
    std::ranges::sort(mails, {},
                      [](const SampleMail& mail) { return std::tie(mail.moment, mail.from_address, mail.subject); });
    return mails;
}

}  // namespace okpay::demo
