// SPDX-License-Identifier: Apache-2.0
#include "server/bench_tickets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/clock.hpp"
#include "desk/request_number.hpp"
#include "store/desk_store.hpp"
#include "store/people_store.hpp"

namespace okpay::server {
namespace {

constexpr std::size_t latin_words = 20'000;
constexpr std::int64_t tickets_of_a_commit = 2'000;
constexpr std::array<std::string_view, 24> common_latin{"the",    "my",    "payment", "refund",  "card",  "account",
                                                        "please", "was",   "not",     "charged", "order", "money",
                                                        "when",   "bank",  "failed",  "twice",   "today", "help",
                                                        "app",    "still", "wallet",  "amount",  "email", "code"};
constexpr std::array<std::string_view, 24> common_chinese{"退款", "付款",     "银行卡", "请问", "什么时候", "账户",
                                                          "订单", "扣了两次", "到账",   "麻烦", "客服",     "没有",
                                                          "收到", "提现",     "充值",   "失败", "拒付",     "商家",
                                                          "昨天", "验证码",   "手机",   "邮箱", "怎么",     "谢谢"};
// Characters for the long tail of Chinese words.
constexpr std::string_view characters =
    "的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会家可下而过天去能对小多然于心学么之都"
    "好看起发当"
    "没成只如事把还用第样道想作种开美总从无情己面最女但现前些所同日手又行意动方期它头经长儿回位分爱老因很给名法间斯知世什两"
    "次使身者被";

constexpr std::chrono::days desk_is_old{900};

desk::TicketState state_of(std::int64_t no, const BenchOptions& bench) {
    if (no <= bench.tickets - bench.tickets / 50) return desk::TicketState::closed;
    return no % 2 == 0 ? desk::TicketState::open : desk::TicketState::pending_customer;
}

std::string address_of(std::int64_t customer) { return fmt::format("c{}@example.org", customer); }

}  // namespace

BenchWords::BenchWords(std::uint64_t seed) : random_{seed} {
    double sum = 0;
    for (std::size_t rank = 1; rank <= latin_words; ++rank) cumulative_.push_back(sum += 1 / static_cast<double>(rank));
}

std::size_t BenchWords::rank() {
    const double share = static_cast<double>(random_() >> 11U) * 0x1p-53 * cumulative_.back();
    return static_cast<std::size_t>(std::ranges::lower_bound(cumulative_, share) - cumulative_.begin());
}

std::string BenchWords::latin(std::size_t rank) {
    if (rank < common_latin.size()) return std::string{common_latin[rank]};
    constexpr std::string_view onsets = "bdfgklmnprstvz", vowels = "aeiou";
    std::string word;
    for (std::size_t left = rank * 7 + 11; left > 0; left /= 70) {
        word += onsets[left % 14];
        word += vowels[left / 14 % 5];
    }
    return word + "n";
}

std::string BenchWords::chinese(std::size_t rank) {
    if (rank < common_chinese.size()) return std::string{common_chinese[rank]};
    const std::size_t count = characters.size() / 3;
    return std::string{characters.substr(rank % count * 3, 3)} +
           std::string{characters.substr(rank / count * 7 % count * 3, 3)};
}

std::string BenchWords::text(std::size_t words, bool in_chinese) {
    std::string made;
    for (std::size_t i = 0; i < words; ++i) {
        const bool other = below(12) == 0;
        if (in_chinese != other) {
            made += chinese(rank()) + (i % 9 == 8 ? "，" : "");
        } else {
            made += (made.empty() || made.back() == ' ' ? "" : " ") + latin(rank()) + (i % 9 == 8 ? ", " : " ");
        }
        if (below(400) == 0) made += " charged twice ";
        if (below(60) == 0) made += fmt::format(" {}.{:02} ", below(900), below(100));
    }
    return made;
}

void make_bench_customers(store::Connection& connection, const BenchOptions& bench) {
    store::Transaction transaction{connection};
    for (std::int64_t no = 1; no <= bench.customers; ++no) {
        store::insert_customer(connection, {.no = customers::CustomerNo{no},
                                            .id = bench_customer_id(no),
                                            .email = address_of(no),
                                            .name = BenchWords::latin(100 + static_cast<std::size_t>(no) % 19'000),
                                            .language = "en",
                                            .zone = "UTC",
                                            .created = now() - desk_is_old});
    }
    if (!transaction.commit()) throw std::runtime_error{"the bench's world could not be made"};
}

std::string bench_request_number(std::int64_t ticket) {
    static const Secret key{std::string(32, 'k')};
    return desk::RequestNumber::of(desk::TicketNo{ticket}, key).text();
}

void make_bench_tickets(store::Connection& connection, const BenchOptions& bench, BenchWords& words) {
    const Moment begin = now() - desk_is_old;
    std::int64_t message_no = 0;
    for (std::int64_t no = 1; no <= bench.tickets;) {
        store::Transaction transaction{connection};
        for (const std::int64_t end = std::min(bench.tickets, no + tickets_of_a_commit - 1); no <= end; ++no) {
            const bool chinese = no % 2 == 0;
            const Moment at = begin + std::chrono::minutes{no * 900 * 24 * 60 / bench.tickets};
            const auto customer = 1 + static_cast<std::int64_t>(words.below(static_cast<std::size_t>(bench.customers)));
            const std::string address = address_of(customer);
            store::TicketRow row{.ticket = {.no = desk::TicketNo{no},
                                            .id = fresh_id<TicketId>(),
                                            .request_number = bench_request_number(no),
                                            .customer = customers::CustomerNo{customer},
                                            .party_address = address,
                                            .subject = words.text(6, chinese),
                                            .state = state_of(no, bench),
                                            .category = no % 3 == 0 ? "refund" : "card",
                                            .urgency = "normal",
                                            .route = "agent",
                                            .language = chinese ? "zh-Hans" : "en",
                                            .assignee = std::nullopt,
                                            .linked_to = std::nullopt,
                                            .opened = at,
                                            .updated = at,
                                            .first_reply_due = at + std::chrono::hours{24},
                                            .first_replied = at + std::chrono::hours{1}},
                                 .preview = "",
                                 .reading = "{}"};
            // The clock runs on within the next two days: nothing is due while it is measured.
            if (row.ticket.state == desk::TicketState::open)
                row.ticket.next_reply_due = now() + std::chrono::hours{12} + std::chrono::minutes{no % 2'160};
            store::insert_ticket(connection, row);
            for (std::int64_t i = 0; i < bench_messages_of_a_ticket; ++i) {
                store::insert_message(connection,
                                      {.no = desk::MessageNo{++message_no},
                                       .id = fresh_id<MessageId>(),
                                       .ticket = row.ticket.no,
                                       .direction = i % 2 == 0 ? desk::Direction::inbound : desk::Direction::outbound,
                                       .author = i % 2 == 0 ? desk::Author::customer : desk::Author::system,
                                       .from_address = i % 2 == 0 ? address : "support@pay.example",
                                       .subject = i == 0 ? row.ticket.subject : "",
                                       .body = words.text(20 + words.below(50), chinese),
                                       .at = at + std::chrono::hours{i}});
            }
        }
        if (!transaction.commit()) throw std::runtime_error{"the bench's world could not be made"};
    }
}

}  // namespace okpay::server
