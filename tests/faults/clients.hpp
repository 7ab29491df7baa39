// SPDX-License-Identifier: Apache-2.0
// Everybody who asks something of OKPay: customers who top up, pay and send money, merchants who capture and refund,
// people who write mails, staff who answer and give money back. They draw what to ask from a seed, send some of it at
// once so that it shares a commit, keep each command before they send it and each answer they get, and ask again with
// the same command where they got none.
//
// What they were told adds up to an account of their own: the balance of every wallet, the number of every kind of row.
// It is kept apart from the product's rules on purpose: sums over answers, nothing more.
#pragma once

#include <map>
#include <memory>
#include <random>
#include <set>

#include "promises.hpp"
#include "service/writer.hpp"

namespace okpay::faults {

struct House {  // how OKPay is set up in this life
    store::Database database;
    service::BooksSizes books;
    std::optional<std::int64_t> epoch = {};          // where another node may write
    std::optional<store::Database> looked_at = {};   // the same data by a way that nobody disturbs
    [[nodiscard]] const store::Database& quiet() const { return looked_at ? *looked_at : database; }
};

// The storage could not do it: the one kind of answer that is no promise.
bool is_refused_by_storage(const service::Answer& answer);

class Clients {
public:
    // Opens the database, brings its schema up to date and starts the writer. Throws StorageFailure.
    Clients(const House& house, Promises& promises, std::uint64_t seed);
    ~Clients();
    Clients(const Clients&) = delete;
    Clients& operator=(const Clients&) = delete;

    void settle();                  // the first people of a new house
    void ask_again();               // all that got no answer, in order, until each has one or the storage refuses
    void live(int rounds);          // asks for new things
    void stop();                    // the writer ends in peace

    // Each sentence says what was promised and is not so. All promises must have their answers.
    [[nodiscard]] std::vector<std::string> broken_promises();
    [[nodiscard]] std::int64_t commits() const { return writer_->commits(); }

private:
    struct Payment {
        std::int64_t customer, merchant, amount_minor;
        std::int64_t captured_minor = 0, refunded_minor = 0;
        bool held = false;
    };
    struct Remedy {
        std::int64_t payment, amount_minor, proposer;
        bool open = true;
    };

    [[nodiscard]] Moment at() const;
    Bytes octets(std::size_t count);
    template <class AnyId>
    std::string fresh() {
        return AnyId::of(at(), octets(10)).text();
    }
    [[nodiscard]] std::string totp(std::int64_t staff_ordinal) const;
    [[nodiscard]] static Bytes totp_secret(std::int64_t staff_ordinal);

    std::size_t prepare(service::CommandBody body, service::Actor actor = {});
    void send(const std::vector<std::size_t>& indexes);
    service::Answer ask(service::CommandBody body, service::Actor actor = {});  // and waits; throws where refused
    [[nodiscard]] bool may_ask_again(std::size_t index) const;
    void learn(const service::Command& command, const service::Answer& answer);
    void learn_money(const service::Command& command, const service::Answer& answer);
    std::optional<std::pair<service::CommandBody, service::Actor>> something();
    std::optional<std::pair<service::CommandBody, service::Actor>> something_of_money();
    std::optional<std::pair<service::CommandBody, service::Actor>> something_of_the_desk();
    std::optional<service::CommandBody> filing();
    std::int64_t version_of(const std::string& ticket);
    template <class Container>
    const auto& any(const Container& container) {
        return *std::next(container.begin(), static_cast<std::ptrdiff_t>(random_() % container.size()));
    }

    House house_;
    Promises& promises_;
    std::mt19937_64 random_;
    std::uint64_t drawn_ = 0;
    service::Context context_;
    std::unique_ptr<service::Writer> writer_;
    std::unique_ptr<store::Connection> reader_;
    std::vector<bool> learnt_;  // by promise

    // What they know from their answers.
    std::vector<std::int64_t> customers_, merchants_, staff_;
    std::map<std::int64_t, std::int64_t> balances_;  // of the one wallet of each customer
    std::map<std::int64_t, Payment> payments_;
    std::vector<std::string> tickets_;
    std::map<std::string, Remedy> remedies_;
    std::set<std::int64_t> handed_out_, released_, being_filed_, filed_;
    std::map<std::string, std::int64_t, std::less<>> made_;  // by kind of command
};

}  // namespace okpay::faults
