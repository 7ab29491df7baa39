// SPDX-License-Identifier: Apache-2.0
// A fresh database with the ordered writer over it, and the words in which tests of the use cases are told: people who
// enrol, register, top up and pay, mails that arrive. Ids and moments are made from a counter and a clock of its own, so
// that the same script gives the same commands.
#pragma once

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "service/mail_intake.hpp"
#include "service/writer.hpp"
#include "store/verify.hpp"
#include "temporary_database.hpp"

namespace okpay::testing {

inline constexpr std::string_view fixture_domain = "pay.example";
inline constexpr std::string_view fixture_authserv = "mx.pay.example";

struct StaffMember {
    std::int64_t no;
    Secret totp_secret;
    [[nodiscard]] service::Actor actor() const { return {service::ActorKind::staff, no}; }
};

struct Letter {
    std::string from;
    std::string subject, text;
    std::string to = "support@" + std::string{fixture_domain};
    std::string in_reply_to;   // with angle brackets
    bool proven = true;        // DMARC passed at our own server: A1
    std::string more_headers;  // whole lines with CRLF
};

struct FixtureOptions {
    Millis new_staff_waits{0};
    std::string domain{fixture_domain};  // of the house
    payments::Tariff tariff = payments::flat_tariff(60);
    service::WriterOptions writer{};
    Millis possible_duplicate_window{0};  // most stories pay the same again and again
    std::vector<payments::AutomaticRefundCaps> automatic_refunds;
    std::vector<std::string> sign_up_currencies{"CNY", "USD"};
    std::shared_ptr<const risk::Ruleset> risk_rules = nullptr;  // nothing is judged
    std::int64_t automatic_mails_per_hour_max = 10'000;
    std::string alone_owner = {};
    std::vector<desk::TogetherCaps> incident_refunds{};
};

class ServiceFixture {
public:
    explicit ServiceFixture(store::Engine engine, FixtureOptions options = {});
    ~ServiceFixture();
    ServiceFixture(const ServiceFixture&) = delete;
    ServiceFixture& operator=(const ServiceFixture&) = delete;

    [[nodiscard]] service::Writer& writer() { return *writer_; }
    [[nodiscard]] const service::Context& context() const { return context_; }
    [[nodiscard]] const store::BlobStore& blobs() const { return blobs_; }
    [[nodiscard]] const store::Database& database() const { return temporary_.database(); }
    [[nodiscard]] const std::filesystem::path& directory() const { return temporary_.directory(); }
    void stop() { writer_.reset(); }
    void restart();  // stops the writer in peace and starts another

    // The clock of the commands; it moves only by pass().
    [[nodiscard]] Moment at() const { return at_; }
    void pass(Millis time) { at_ += time; }
    template <class AnyId>
    AnyId fresh() {
        return AnyId::of(at_, next_octets(10));
    }

    [[nodiscard]] service::Command command(service::CommandBody body, service::Actor actor = {});
    service::Answer ask(service::Command command);  // waits for the answer
    service::Answer ask(service::CommandBody body, service::Actor actor = {}) {
        return ask(command(std::move(body), actor));
    }
    // Throws where the command was refused: for what a test takes for granted.
    service::Answer done(service::CommandBody body, service::Actor actor = {});

    // --- people
    StaffMember staff(const std::string& email, const std::string& role = "agent");
    [[nodiscard]] std::string totp(const StaffMember& member) const;  // of this moment; each works once
    std::int64_t customer(const std::string& email, const std::string& name, const std::string& language = "en");
    std::int64_t merchant(const std::string& name);  // customers and merchants have CNY and USD accounts

    // --- money, in CNY
    std::int64_t top_up(std::int64_t customer, std::int64_t minor);
    [[nodiscard]] service::Pay payment(std::int64_t customer, std::int64_t merchant, std::int64_t minor, std::string key,
                                       std::string order_ref = "");
    std::int64_t pay(std::int64_t customer, std::int64_t merchant, std::int64_t minor, std::string key,
                     std::string order_ref = "");
    [[nodiscard]] std::int64_t wallet_of(std::int64_t customer);    // account numbers
    [[nodiscard]] std::int64_t payable_of(std::int64_t merchant);
    std::int64_t balance(std::int64_t account);  // minor units, as the writer knows it
    std::vector<service::AccountView> accounts();  // all of them, as the writer knows them

    // --- mail: the way of the mailroom and the intake, without the sandbox around the parser
    [[nodiscard]] static std::string raw_of(const Letter& letter);
    std::int64_t accept(const std::string& raw, const std::string& mail_from = "sender@example.org");
    [[nodiscard]] service::FileMail filing(std::int64_t mail);
    // What a mail server sends back for a mail of ours (RFC 3464); `returned_id` instead of the mail's own Message-ID.
    [[nodiscard]] static std::string bounce_of(const store::OutgoingRow& row, std::string_view status,
                                               std::string_view action = "failed", std::string_view returned_id = "");
    service::Answer receive(const Letter& letter);  // accepted and filed
    // A side thread with an address that is typed, for 24 hours.
    service::Answer ask_outside(const std::string& ticket, const StaffMember& by, const std::string& address,
                                const std::string& text);
    [[nodiscard]] std::vector<store::OutgoingRow> outgoing();  // all, in order
    [[nodiscard]] std::string text_of(const store::OutgoingRow& row);  // as its reader sees it

    // --- looking
    std::unique_ptr<store::Connection> connect(store::Access access = store::Access::reader) const;
    std::int64_t integer(std::string_view sql);
    void run(const std::string& sql);  // on a connection of its own
    [[nodiscard]] std::vector<store::CheckReport> verify(
        std::optional<std::pair<std::int64_t, Hash256>> head = std::nullopt);
    [[nodiscard]] std::vector<std::string> faults();  // "check: sentence"; empty: the books are sound

private:
    Bytes next_octets(std::size_t count);

    TemporaryDatabase temporary_;
    FixtureOptions options_;
    service::Context context_;
    store::BlobStore blobs_;
    Moment at_;
    std::uint64_t drawn_ = 0;
    std::unique_ptr<store::Connection> reader_;
    std::unique_ptr<service::Writer> writer_;
};

// Hands in at once, for tests that have many commands under way.
std::future<service::Answer> submit(service::Service& service, service::Command command);

std::vector<std::string> faults_in(const std::vector<store::CheckReport>& reports);

}  // namespace okpay::testing
