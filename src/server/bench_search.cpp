// SPDX-License-Identifier: Apache-2.0
// Full-text search over a desk of some years: requests with four messages each, Chinese, English and mixed, words by Zipf's
// law. First how fast the index follows, then what each kind of query takes: one reader, pages of 25, as the workspace asks.
#include <boost/json.hpp>
#include <fmt/format.h>

#include <iostream>
#include <random>

#include "base/clock.hpp"
#include "desk/request_number.hpp"
#include "server/bench_parts.hpp"
#include "service/search.hpp"
#include "store/desk_store.hpp"
#include "store/people_store.hpp"
#include "store/schema.hpp"

namespace okpay::server {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::int64_t messages_of_a_ticket = 4;
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

class Words {
public:
    explicit Words(std::uint64_t seed) : random_{seed} {
        double sum = 0;
        for (std::size_t rank = 1; rank <= latin_words; ++rank) cumulative_.push_back(sum += 1 / static_cast<double>(rank));
    }
    std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
    std::size_t rank() {
        const double share = static_cast<double>(random_() >> 11U) * 0x1p-53 * cumulative_.back();
        return static_cast<std::size_t>(std::ranges::lower_bound(cumulative_, share) - cumulative_.begin());
    }
    static std::string latin(std::size_t rank) {
        if (rank < common_latin.size()) return std::string{common_latin[rank]};
        constexpr std::string_view onsets = "bdfgklmnprstvz", vowels = "aeiou";
        std::string word;
        for (std::size_t left = rank * 7 + 11; left > 0; left /= 70) {
            word += onsets[left % 14];
            word += vowels[left / 14 % 5];
        }
        return word + "n";
    }
    static std::string chinese(std::size_t rank) {
        if (rank < common_chinese.size()) return std::string{common_chinese[rank]};
        const std::size_t count = characters.size() / 3;
        return std::string{characters.substr(rank % count * 3, 3)} +
               std::string{characters.substr(rank / count * 7 % count * 3, 3)};
    }
    std::string text(std::size_t words, bool in_chinese) {
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

private:
    std::mt19937_64 random_;
    std::vector<double> cumulative_;
};

void make_tickets(store::Connection& connection, const BenchOptions& bench, Words& words, const Secret& key) {
    const Moment begin = now() - std::chrono::days{900};
    store::Transaction people{connection};
    for (std::int64_t no = 1; no <= std::min(bench.customers, bench.tickets); ++no) {
        store::insert_customer(connection, {.no = customers::CustomerNo{no},
                                            .id = bench_customer_id(no),
                                            .email = fmt::format("person{}@mail.example", no),
                                            .name = Words::latin(100 + static_cast<std::size_t>(no) % 19'000),
                                            .language = "en",
                                            .zone = "UTC",
                                            .created = begin});
    }
    if (!people.commit()) throw std::runtime_error{"the bench's world could not be made"};
    std::int64_t message_no = 0;
    for (std::int64_t no = 1; no <= bench.tickets;) {
        store::Transaction transaction{connection};
        for (const std::int64_t end = std::min(bench.tickets, no + tickets_of_a_commit - 1); no <= end; ++no) {
            const bool chinese = no % 2 == 0;
            const Moment at = begin + std::chrono::minutes{no * 900 * 24 * 60 / bench.tickets};
            const std::int64_t customer =
                1 +
                static_cast<std::int64_t>(words.below(static_cast<std::size_t>(std::min(bench.customers, bench.tickets))));
            const std::string address = fmt::format("person{}@mail.example", customer);
            const bool recent = no > bench.tickets - bench.tickets / 50;
            store::TicketRow row{.ticket = {.no = desk::TicketNo{no},
                                            .id = fresh_id<TicketId>(),
                                            .request_number = desk::RequestNumber::of(desk::TicketNo{no}, key).text(),
                                            .customer = customers::CustomerNo{customer},
                                            .party_address = address,
                                            .subject = words.text(6, chinese),
                                            .state = recent ? desk::TicketState::open : desk::TicketState::closed,
                                            .category = no % 3 == 0 ? "refund" : "card",
                                            .urgency = "normal",
                                            .route = "agent",
                                            .language = chinese ? "zh-Hans" : "en",
                                            .assignee = std::nullopt,
                                            .linked_to = std::nullopt,
                                            .opened = at,
                                            .updated = at,
                                            .first_reply_due = at},
                                 .preview = "",
                                 .reading = "{}"};
            store::insert_ticket(connection, row);
            for (std::int64_t i = 0; i < messages_of_a_ticket; ++i) {
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

std::int64_t octets_of_index(const store::Database& index) {
    if (index.engine == store::Engine::sqlite) {
        std::error_code error;
        const auto size = std::filesystem::file_size(index.location, error);
        return error ? 0 : static_cast<std::int64_t>(size);
    }
    return store::open(index, store::Access::reader)
        ->integer(
            "SELECT sum(pg_total_relation_size(c.oid))::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = "
            "c.relnamespace WHERE n.nspname = 'okpay_search' AND c.relkind = 'r'")
        .value_or(0);
}

}  // namespace

int bench_search(const Options& options, const BenchOptions& bench) {
    const TemporaryDirectory temporary;
    store::Database database = options.store_database();
    const bool embedded = database.engine == store::Engine::sqlite;
    if (embedded) {
        database.location = (temporary.path() / "okpay.db").string();
        database.sqlite.flush_each_commit = false;
    }
    Words words{bench.seed};
    const Secret key{std::string(32, 'k')};
    {
        const auto connection = store::open(database, store::Access::writer);
        if (!embedded && store::schema_version_of(*connection) != 0) {
            std::cerr << "okpay: bench needs an empty PostgreSQL database\n";
            return 1;
        }
        store::migrate(*connection);
        make_tickets(*connection, bench, words, key);
        if (!embedded) connection->run_script("ANALYZE");
    }
    const store::Database index = service::search_database(database);
    service::SearchIndexer indexer{database, index};
    const auto begin = SteadyClock::now();
    const std::int64_t documents = indexer.catch_up([] { return false; });
    const double seconds = std::chrono::duration<double>(SteadyClock::now() - begin).count();
    std::cout << boost::json::serialize(
                     boost::json::object{{"bench", "search"},
                                         {"class", "indexing"},
                                         {"rate_per_s", std::round(static_cast<double>(documents) / seconds)},
                                         {"done", documents},
                                         {"seconds", seconds},
                                         {"index_octets", octets_of_index(index)},
                                         {"settings", {{"engine", engine_name(database)}, {"tickets", bench.tickets}}}})
              << std::endl;
    service::Search search{database, index, 1};
    const auto ticket = [&] {
        return desk::TicketNo{1 + static_cast<std::int64_t>(words.below(static_cast<std::size_t>(bench.tickets)))};
    };
    const std::array<std::pair<std::string_view, std::function<std::string()>>, 10> classes{{
        {"rare word", [&] { return Words::latin(15'000 + words.below(5'000)); }},
        {"common word", [&] { return Words::latin(words.below(20)); }},
        {"two words", [&] { return Words::latin(20 + words.below(200)) + " " + Words::latin(20 + words.below(200)); }},
        {"two common words", [&] { return Words::latin(words.below(20)) + " " + Words::latin(words.below(20)); }},
        {"chinese pair", [&] { return Words::chinese(words.below(24)); }},
        {"phrase", [&] { return std::string{words.below(2) == 0 ? "\"charged twice\"" : "扣了两次"}; }},
        {"filter and word", [&] { return "state:open category:refund " + Words::latin(words.below(300)); }},
        {"nothing found", [&] { return fmt::format("zzq{}x card", words.below(1'000'000)); }},
        {"request number", [&] { return desk::RequestNumber::of(ticket(), key).text(); }},
        {"beginning", [&] { return Words::latin(30 + words.below(2'000)).substr(0, 3); }},
    }};
    for (const auto& [name, query] : classes) {
        Measured measured;
        std::int64_t found = 0;
        const auto start = SteadyClock::now();
        while (measured.seconds < bench.seconds) {
            const service::SearchRequest request{
                .words = query(), .kind = {}, .below = {}, .limit = 25, .me = customers::StaffNo{1}, .kept_from = {}};
            const auto since = SteadyClock::now();
            const auto page = search.ask(request);
            const auto until = SteadyClock::now();
            if (!page) return 1;
            found += std::ssize(page->items);
            measured.microseconds.push_back(std::chrono::duration_cast<std::chrono::microseconds>(until - since).count());
            measured.seconds = std::chrono::duration<double>(until - start).count();
        }
        const auto asked = std::ssize(measured.microseconds);
        print_measured("search", bench, 1, std::move(measured),
                       {{"class", name},
                        {"engine", engine_name(database)},
                        {"tickets", bench.tickets},
                        {"found_a_page", std::round(10.0 * static_cast<double>(found) / static_cast<double>(asked)) / 10}});
    }
    return 0;
}

}  // namespace okpay::server
