// SPDX-License-Identifier: Apache-2.0
#include "service_fixture.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "customers/totp.hpp"
#include "mail/codec.hpp"

namespace okpay::testing {
namespace {

using service::Answer;
using service::Command;
using service::CommandBody;

constexpr Millis totp_step{customers::totp_step_seconds * 1'000};
constexpr Moment first_morning = moment_of_ms(1'793'869'200'000);  // 2026-11-05T09:00:00Z

service::Context context_of(const FixtureOptions& options) {
    service::DeskSettings settings;
    settings.domain = options.domain;
    settings.reply_domain = options.domain;
    settings.new_staff_waits = options.new_staff_waits;
    settings.tariff = options.tariff;
    settings.possible_duplicate_window = options.possible_duplicate_window;
    settings.automatic_refunds = options.automatic_refunds;
    settings.incident_refunds = options.incident_refunds;
    settings.public_url = "https://" + std::string{fixture_domain};
    settings.sign_up_currencies = options.sign_up_currencies;
    settings.risk_rules = options.risk_rules;
    settings.automatic_mails_per_hour_max = options.automatic_mails_per_hour_max;
    settings.alone_owner = options.alone_owner;
    return {store::Keyring{Secret{std::string(32, 'k')}}, settings};
}

}  // namespace

ServiceFixture::ServiceFixture(store::Engine engine, FixtureOptions options)
    : temporary_{engine, TemporaryDatabase::Migrated{}},
      options_{std::move(options)},
      context_{context_of(options_)},
      blobs_{temporary_.directory() / "blobs"},
      at_{first_morning} {
    reader_ = connect();
    restart();
}

ServiceFixture::~ServiceFixture() = default;

void ServiceFixture::restart() {
    writer_.reset();
    writer_ = std::make_unique<service::Writer>(temporary_.database(), context_, options_.writer);
}

Bytes ServiceFixture::next_octets(std::size_t count) {
    Bytes octets;
    while (octets.size() < count) {
        Bytes seed = "fixture ";
        append_u64(seed, ++drawn_);
        octets += view_of(sha256(seed));
    }
    return octets.substr(0, count);
}

Command ServiceFixture::command(CommandBody body, service::Actor actor) {
    return Command{fresh<CommandId>(), at_, actor, std::move(body)};
}

Answer ServiceFixture::ask(Command command) { return submit(*writer_, std::move(command)).get(); }

Answer ServiceFixture::done(CommandBody body, service::Actor actor) {
    Answer answer = ask(std::move(body), actor);
    if (!answer.done()) throw std::runtime_error{answer.code + ": " + answer.detail};
    return answer;
}

StaffMember ServiceFixture::staff(const std::string& email, const std::string& role) {
    const std::string token_hash = hex_of(next_octets(32));
    StaffMember member{0, Secret{next_octets(customers::totp_secret_octets)}};
    const auto added = done(service::AddStaff{.staff = fresh<StaffId>().text(),
                                              .email = email,
                                              .role = role,
                                              .enrol_token_hash = token_hash,
                                              .enrol_expires = ms_of(at_ + std::chrono::hours{24})});
    member.no = added.number;
    // Who approves whom has a test of its own (privacy_test.cpp); everywhere else it is taken for granted.
    if (added.text == "waiting") run(fmt::format("UPDATE staff SET approval = 2 WHERE no = {}", member.no));
    const Bytes sealed = context_.keyring().seal(member.totp_secret.reveal(), "totp secret");
    done(service::EnrolStaff{.enrol_token_hash = token_hash,
                             .name = email.substr(0, email.find('@')),
                             .password_phc = "$argon2id$fixture",
                             .totp_secret_sealed = base64_of(sealed)});
    done(service::ConfirmStaff{.enrol_token_hash = token_hash, .totp_code = totp(member)});
    pass(totp_step);  // the code is burnt
    return member;
}

std::string ServiceFixture::totp(const StaffMember& member) const {
    return customers::totp_code(member.totp_secret, customers::totp_step(at_));
}

std::int64_t ServiceFixture::customer(const std::string& email, const std::string& name, const std::string& language) {
    return done(service::RegisterCustomer{.customer = fresh<CustomerId>().text(),
                                          .email = email,
                                          .name = name,
                                          .language = language,
                                          .zone = "Asia/Shanghai",
                                          .currencies = {"CNY", "USD"}})
        .number;
}

std::int64_t ServiceFixture::merchant(const std::string& name) {
    return done(service::RegisterMerchant{.merchant = fresh<MerchantId>().text(),
                                          .name = name,
                                          .api_key_hash = hex_of(next_octets(32)),
                                          .currencies = {"CNY", "USD"}})
        .number;
}

std::int64_t ServiceFixture::top_up(std::int64_t customer, std::int64_t minor) {
    return done(service::TopUp{.key = fmt::format("top-up {}", ++drawn_),
                               .customer = customer,
                               .amount_minor = minor,
                               .currency = "CNY",
                               .memo = "Bank transfer",
                               .instrument = "bank"})
        .number;
}

service::Pay ServiceFixture::payment(std::int64_t customer, std::int64_t merchant, std::int64_t minor, std::string key,
                                     std::string order_ref) {
    return {.key = std::move(key),
            .customer = customer,
            .merchant = merchant,
            .amount_minor = minor,
            .currency = "CNY",
            .order_ref = std::move(order_ref),
            .memo = "Coffee",
            .instrument = "wallet",
            .device = "phone"};
}

std::int64_t ServiceFixture::pay(std::int64_t customer, std::int64_t merchant, std::int64_t minor, std::string key,
                                 std::string order_ref) {
    return done(payment(customer, merchant, minor, std::move(key), std::move(order_ref)),
                {service::ActorKind::merchant, merchant})
        .number;
}

std::int64_t ServiceFixture::wallet_of(std::int64_t customer) {
    return integer(fmt::format("SELECT min(account) FROM account_owner WHERE customer = {}", customer));
}

std::int64_t ServiceFixture::payable_of(std::int64_t merchant) {
    return integer(fmt::format("SELECT min(account) FROM account_owner WHERE merchant = {}", merchant));
}

std::int64_t ServiceFixture::balance(std::int64_t account) {
    return done(service::ReadAccounts{{account}}).accounts.at(0).posted_minor;
}

std::vector<service::AccountView> ServiceFixture::accounts() {
    service::ReadAccounts all;
    for (std::int64_t no = integer("SELECT max(no) FROM account"); no > 0; --no) all.accounts.push_back(no);
    return done(std::move(all)).accounts;
}

std::string ServiceFixture::raw_of(const Letter& letter) {
    const std::string_view domain = std::string_view{letter.from}.substr(letter.from.find('@') + 1);
    std::string raw;
    if (letter.proven) {
        raw += fmt::format("Authentication-Results: {}; dmarc=pass (p=reject) header.from={}\r\n", fixture_authserv, domain);
    }
    raw += fmt::format("From: <{}>\r\nTo: <{}>\r\nSubject: {}\r\nMessage-ID: <{}.{}>\r\n", letter.from, letter.to,
                       letter.subject, hex_of(view_of(sha256(letter.text))).substr(0, 16), letter.from);
    if (!letter.in_reply_to.empty()) raw += fmt::format("In-Reply-To: {}\r\n", letter.in_reply_to);
    raw += letter.more_headers;
    raw += "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n";
    return raw + letter.text + "\r\n";
}

std::string ServiceFixture::bounce_of(const store::OutgoingRow& row, std::string_view status, std::string_view action,
                                      std::string_view returned_id) {
    std::string id{returned_id};
    if (id.empty()) {
        const auto at = row.bytes.find("\r\nMessage-ID: ") + 14;
        id = row.bytes.substr(at, row.bytes.find("\r\n", at) - at);
        while (id.starts_with(' ')) id.erase(0, 1);
    }
    return fmt::format(
        "From: MAILER-DAEMON@mx.example.org\r\nTo: {0}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        "Message-ID: <{5}@mx.example.org>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
        "Final-Recipient: rfc822; {1}\r\nAction: {2}\r\nStatus: {3}\r\n"
        "Diagnostic-Code: smtp; 550 {3} the server says so\r\n\r\n"
        "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nFrom: {0}\r\nTo: {1}\r\nMessage-ID: {4}\r\n\r\n--b--\r\n",
        row.envelope_from, row.recipient, action, status, id,
        hex_of(view_of(sha256(fmt::format("{}{}{}", id, status, action)))));
}

std::int64_t ServiceFixture::accept(const std::string& raw, const std::string& mail_from) {
    auto sealed = service::seal_mail(context_.keyring(), &blobs_,
                                     {.channel = "smtp",
                                      .peer = "192.0.2.1",
                                      .mail_from = mail_from,
                                      .recipients = {"support@" + std::string{fixture_domain}}},
                                     raw, 0);
    if (!sealed) throw std::runtime_error{"the mail could not be sealed"};
    sealed->mail = fresh<MailId>().text();
    return done(*std::move(sealed)).number;
}

service::FileMail ServiceFixture::filing(std::int64_t mail) {
    const auto inbound = store::find_inbound(*reader_, mail);
    const auto raw = inbound ? service::unseal_mail(context_.keyring(), &blobs_, *inbound) : std::nullopt;
    const auto parsed = raw ? mail::decode(service::read_mail_in_sandbox(*raw)) : std::nullopt;
    if (!parsed) throw std::runtime_error{"the mail cannot be read back"};
    return service::filing_without_dns(*parsed, *inbound, "Asia/Shanghai", fixture_authserv, next_octets(30));
}

Answer ServiceFixture::receive(const Letter& letter) { return ask(filing(accept(raw_of(letter)))); }

Answer ServiceFixture::ask_outside(const std::string& ticket, const StaffMember& by, const std::string& address,
                                   const std::string& text) {
    return done(service::OpenSideThread{.ticket = ticket,
                                        .message_id = fresh<MessageId>().text(),
                                        .outgoing_id = fresh<OutgoingId>().text(),
                                        .counterparty = 0,
                                        .kind = "bank",
                                        .name = "Bank",
                                        .address = address,
                                        .language = "en",
                                        .subject = "A payment",
                                        .text = text,
                                        .payments = {},
                                        .answer_within_hours = 24,
                                        .version = store::find_ticket(*connect(), ticket).value().ticket.version},
                by.actor());
}

std::vector<store::OutgoingRow> ServiceFixture::outgoing() {
    std::vector<store::OutgoingRow> rows;
    for (std::int64_t no = 1; auto row = store::find_outgoing(*reader_, no); ++no) rows.push_back(*std::move(row));
    return rows;
}

std::string ServiceFixture::text_of(const store::OutgoingRow& row) {
    return mail::decode(service::read_mail_in_sandbox(row.bytes)).value().text;
}

std::unique_ptr<store::Connection> ServiceFixture::connect(store::Access access) const {
    return store::open(temporary_.database(), access);
}

std::int64_t ServiceFixture::integer(std::string_view sql) { return reader_->integer(sql).value_or(0); }

void ServiceFixture::run(const std::string& sql) { connect(store::Access::writer)->run_script(sql); }

std::vector<store::CheckReport> ServiceFixture::verify(std::optional<std::pair<std::int64_t, Hash256>> head) {
    return store::verify(*connect(), {.blobs = blobs_, .keyring = &context_.keyring(), .head = head});
}

std::vector<std::string> ServiceFixture::faults() { return faults_in(verify()); }

std::future<Answer> submit(service::Service& service, Command command) {
    auto promise = std::make_shared<std::promise<Answer>>();
    auto future = promise->get_future();
    service.submit(std::move(command), [promise](Answer answer) { promise->set_value(std::move(answer)); });
    return future;
}

std::vector<std::string> faults_in(const std::vector<store::CheckReport>& reports) {
    std::vector<std::string> all;
    for (const store::CheckReport& report : reports) {
        for (const std::string& sentence : report.faults) all.push_back(report.name + ": " + sentence);
    }
    return all;
}

}  // namespace okpay::testing
