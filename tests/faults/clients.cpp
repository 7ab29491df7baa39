// SPDX-License-Identifier: Apache-2.0
#include "clients.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <latch>

#include "base/ensure.hpp"
#include "customers/totp.hpp"
#include "mail/codec.hpp"
#include "service/codec.hpp"
#include "service/mail_intake.hpp"
#include "service_fixture.hpp"
#include "store/ledger_store.hpp"
#include "store/people_store.hpp"
#include "store/schema.hpp"

namespace okpay::faults {
namespace {

using namespace okpay::service;  // the commands
using testing::fixture_authserv;
using testing::fixture_domain;

constexpr Moment first_morning = moment_of_ms(1'793'869'200'000);  // 2026-11-05T09:00:00Z
constexpr Millis between_commands{31'000};                         // a one-time code lasts 30 s, and is burnt by its use

Context context_of_house() {
    DeskSettings settings;
    settings.domain = fixture_domain;
    settings.reply_domain = fixture_domain;
    settings.new_staff_waits = Millis{0};
    return {store::Keyring{Secret{std::string(32, 'k')}}, settings};
}

std::string email_of(std::int64_t customer_ordinal) { return fmt::format("c{}@example.org", customer_ordinal); }

// Asked again it gets its first answer; what only looks (or acts on whatever is there now) does not.
bool is_made_once(const Command& command, const Answer& answer) {
    if (changes_nothing(command.body) || command.body.is<ExpireHolds>()) return false;
    // A money command that was refused before a row was made may be done later under the same key.
    return !is_money(command.body) || answer.done() || answer.number > 0;
}

}  // namespace

bool is_refused_by_storage(const Answer& answer) {
    return answer.code == codes::storage_full || answer.code == codes::unavailable || answer.code == codes::overloaded ||
           answer.code == codes::stopping || answer.code == codes::outcome_unknown;
}

Clients::Clients(const House& house, Promises& promises, std::uint64_t seed)
    : house_{house}, promises_{promises}, random_{seed}, context_{context_of_house()} {
    store::migrate(*store::open(house_.quiet(), store::Access::writer));
    writer_ =
        std::make_unique<Writer>(house_.database, context_, WriterOptions{.books = house_.books, .epoch = house_.epoch});
    reader_ = store::open(house_.quiet(), store::Access::reader);
    learnt_.resize(promises_.size());
    for (std::size_t i = 0; i < promises_.size(); ++i) {
        const Promises::Promise promise = promises_.at(i);
        const Command command = decode_command(promise.command).value();
        if (const auto* file = command.body.as<FileMail>()) being_filed_.insert(file->mail);
        if (promise.told != Told::answer) continue;
        learn(command, decode_answer(promise.answer).value());
        learnt_[i] = true;
    }
}

Clients::~Clients() = default;

Moment Clients::at() const { return first_morning + between_commands * static_cast<std::int64_t>(promises_.size()); }

Bytes Clients::octets(std::size_t count) {
    Bytes drawn;
    while (drawn.size() < count) {
        Bytes seed = "client ";
        append_u64(seed, promises_.size());
        append_u64(seed, ++drawn_);
        append_u64(seed, random_());
        drawn += view_of(sha256(seed));
    }
    return drawn.substr(0, count);
}

Bytes Clients::totp_secret(std::int64_t staff_ordinal) {
    return Bytes{view_of(sha256(fmt::format("staff {}", staff_ordinal)))}.substr(0, customers::totp_secret_octets);
}

std::string Clients::totp(std::int64_t staff_ordinal) const {
    return customers::totp_code(Secret{totp_secret(staff_ordinal)}, customers::totp_step(at()));
}

std::size_t Clients::prepare(CommandBody body, Actor actor) {
    const Command command{CommandId::of(at(), octets(10)), at(), actor, std::move(body)};
    learnt_.push_back(false);
    return promises_.add(encode(command));
}

// All of them in one batch: the writer waits in an answer until they are queued.
void Clients::send(const std::vector<std::size_t>& indexes) {
    std::vector<Command> commands;
    std::vector<Told> told_before;
    for (const std::size_t index : indexes) {
        commands.push_back(decode_command(promises_.at(index).command).value());
        told_before.push_back(promises_.told(index));
        // From now on it may be done, until an answer says otherwise.
        if (told_before.back() != Told::answer) promises_.tell(index, Told::nothing, "");
    }
    std::latch writer_waits{1};
    std::latch all_in{1};
    std::latch all_answered{std::ssize(indexes)};
    writer_->submit(Command{CommandId::of(at(), octets(10)), at(), {}, ReadAccounts{}}, [&](const Answer&) {
        writer_waits.count_down();
        all_in.wait();
    });
    writer_waits.wait();
    std::vector<Answer> answers(indexes.size());
    for (std::size_t i = 0; i < indexes.size(); ++i) {
        writer_->submit(commands[i], [&, i](Answer answer) {
            // Kept on the writer's thread: who is told at this moment has been told, whatever happens the next.
            if (told_before[i] != Told::answer) {
                if (!is_refused_by_storage(answer)) {
                    promises_.tell(indexes[i], Told::answer, encode(answer));
                } else if (told_before[i] != Told::nothing && answer.code != codes::outcome_unknown) {
                    promises_.tell(indexes[i], Told::nothing_done, encode(answer));
                }
            }
            answers[i] = std::move(answer);
            all_answered.count_down();
        });
    }
    all_in.count_down();
    all_answered.wait();
    for (std::size_t i = 0; i < indexes.size(); ++i) {
        const Command& command = commands[i];
        if (is_refused_by_storage(answers[i])) continue;
        if (answers[i].code == codes::money_read_only) promises_.report("the books were found broken: money is read-only");
        // A mail that was reported as sent stays so: of a second report its answer says the same as of one asked again.
        if (told_before[i] == Told::nothing_done && answers[i].replayed && is_made_once(command, answers[i]) &&
            !command.body.is<ReportDelivery>()) {
            promises_.report(fmt::format("promise {} ({}) was done although its answer said that nothing was", indexes[i],
                                         kind_of(command.body)));
        }
        if (told_before[i] == Told::answer) {
            const Answer first = decode_answer(promises_.at(indexes[i]).answer).value();
            Answer again = answers[i];
            if (!again.replayed) {
                promises_.report(
                    fmt::format("promise {} ({}) was acknowledged and is missing", indexes[i], kind_of(command.body)));
            }
            again.replayed = first.replayed;
            if (encode(again) != encode(first)) {
                promises_.report(fmt::format("promise {} ({}) has another answer now: {} instead of {}", indexes[i],
                                             kind_of(command.body), encode(again), encode(first)));
            }
        } else if (!learnt_[indexes[i]]) {
            learnt_[indexes[i]] = true;
            learn(command, answers[i]);
        }
    }
}

Answer Clients::ask(CommandBody body, Actor actor) {
    const std::size_t index = prepare(std::move(body), actor);
    send({index});
    Answer answer = decode_answer(promises_.at(index).answer).value();
    if (!answer.done()) throw std::runtime_error{answer.code + ": " + answer.detail};
    return answer;
}

void Clients::settle() {
    for (std::int64_t ordinal = 1; ordinal <= 2; ++ordinal) {
        const std::string token_hash = hex_of(octets(32));
        ask(AddStaff{.staff = fresh<StaffId>(),
                     .email = fmt::format("s{}@pay.example", ordinal),
                     .role = "supervisor",
                     .enrol_token_hash = token_hash,
                     .enrol_expires = ms_of(at() + std::chrono::hours{24})});
        ask(EnrolStaff{.enrol_token_hash = token_hash,
                       .name = fmt::format("Staff {}", ordinal),
                       .password_phc = "$argon2id$fixture",
                       .totp_secret_sealed = base64_of(context_.keyring().seal(totp_secret(ordinal), "totp secret"))});
        ask(ConfirmStaff{.enrol_token_hash = token_hash, .totp_code = totp(ordinal)});
    }
    for (int i = 0; i < 2; ++i) {
        ask(RegisterMerchant{.merchant = fresh<MerchantId>(),
                             .name = fmt::format("Shop {}", i),
                             .api_key_hash = hex_of(octets(32)),
                             .currencies = {"CNY"}});
    }
    for (std::int64_t i = 1; i <= 3; ++i) {
        const std::int64_t customer = ask(RegisterCustomer{.customer = fresh<CustomerId>(),
                                                           .email = email_of(i),
                                                           .name = fmt::format("Customer {}", i),
                                                           .language = "en",
                                                           .zone = "Asia/Shanghai",
                                                           .currencies = {"CNY"}})
                                          .number;
        ask(TopUp{.key = fmt::format("first {}", i),
                  .customer = customer,
                  .amount_minor = 100'000,
                  .currency = "CNY",
                  .memo = "",
                  .instrument = "bank"});
    }
}

void Clients::ask_again() {
    // What was answered is asked too: it must still be there, and say the same.
    constexpr std::size_t at_once = 16;
    std::vector<std::size_t> indexes;
    for (std::size_t i = 0; i < promises_.size(); ++i) {
        if (may_ask_again(i)) indexes.push_back(i);
        if (indexes.empty() || (indexes.size() < at_once && i + 1 < promises_.size())) continue;
        send(indexes);
        indexes.clear();
    }
}

bool Clients::may_ask_again(std::size_t index) const {
    const Promises::Promise promise = promises_.at(index);
    return promise.told != Told::answer ||
           is_made_once(decode_command(promise.command).value(), decode_answer(promise.answer).value());
}

void Clients::live(int rounds) {
    for (int round = 0; round < rounds; ++round) {
        std::vector<std::size_t> indexes;
        const std::size_t count = random_() % 3 == 0 ? 1 : 1 + random_() % 6;
        for (std::size_t i = 0; i < count; ++i) {
            // A client who is not sure asks again, at times.
            if (random_() % 12 == 0) {
                const std::size_t old = random_() % promises_.size();
                if (may_ask_again(old) && std::ranges::find(indexes, old) == indexes.end()) indexes.push_back(old);
                continue;
            }
            if (auto wish = something()) indexes.push_back(prepare(std::move(wish->first), wish->second));
        }
        if (!indexes.empty()) send(indexes);
        // Whom the storage refused tries again in a moment, and then leaves it for later.
        constexpr int tries_max = 3;
        for (int tries = 0; tries < tries_max; ++tries) {
            std::erase_if(indexes, [this](std::size_t i) { return promises_.told(i) == Told::answer; });
            if (!indexes.empty()) send(indexes);
        }
    }
}

void Clients::stop() { writer_->stop(); }

std::optional<std::pair<CommandBody, Actor>> Clients::something() {
    try {
        return random_() % 5 < 3 ? something_of_money() : something_of_the_desk();
    } catch (const store::StorageFailure&) {
        return std::nullopt;  // who could not read has nothing to ask
    }
}

std::optional<std::pair<CommandBody, Actor>> Clients::something_of_money() {
    const std::int64_t customer = any(customers_);
    const std::int64_t merchant = any(merchants_);
    const auto amount = static_cast<std::int64_t>(1 + random_() % (random_() % 8 == 0 ? 200'000 : 3'000));
    const std::string key = fmt::format("k{}-{}", promises_.size(), random_() % 1'000'000);
    const std::uint64_t wish = random_() % 16;
    const auto of_a_payment = [&](bool held) -> std::optional<std::int64_t> {
        std::vector<std::int64_t> fit;
        for (const auto& [number, payment] : payments_) {
            if (payment.held == held) fit.push_back(number);
        }
        if (fit.empty()) return std::nullopt;
        return any(fit);
    };
    if (wish < 8) {
        const bool manual = wish < 2;
        return {{Pay{.key = key,
                     .customer = customer,
                     .merchant = merchant,
                     .amount_minor = amount,
                     .currency = "CNY",
                     .order_ref = random_() % 2 == 0 ? "" : fmt::format("o{}", random_() % 400),
                     .memo = "Coffee",
                     .instrument = "wallet",
                     .device = "phone",
                     .manual_capture = manual,
                     .hold_ms = manual && random_() % 3 == 0 ? 300'000 : 7LL * 24 * 3'600'000,
                     .not_a_duplicate = random_() % 4 != 0},
                 {ActorKind::merchant, merchant}}};
    }
    if (wish < 9) {
        return {{TopUp{.key = key,
                       .customer = customer,
                       .amount_minor = amount,
                       .currency = "CNY",
                       .memo = "Bank transfer",
                       .instrument = "bank"},
                 {}}};
    }
    if (wish < 11) {
        return {{SendMoney{.key = key,
                           .payer = customer,
                           .payee = any(customers_),
                           .amount_minor = amount,
                           .currency = "CNY",
                           .memo = "lunch"},
                 {ActorKind::customer, customer}}};
    }
    if (wish < 12) return {{ExpireHolds{.holds_max = 3}, {}}};
    const auto number = of_a_payment(wish < 14);
    if (!number) return std::nullopt;
    const Payment& payment = payments_.at(*number);
    const Actor owner{ActorKind::merchant, payment.merchant};
    const std::int64_t part = 1 + static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(payment.amount_minor));
    if (wish < 13) return {{CapturePayment{.key = key, .payment = *number, .amount_minor = part}, owner}};
    if (wish < 14) return {{CancelPayment{.key = key, .payment = *number}, owner}};
    return {{Refund{.key = key, .payment = *number, .amount_minor = part, .reason = "goodwill"}, owner}};
}

std::optional<CommandBody> Clients::filing() {
    auto waiting = store::waiting_inbound(*reader_, 8);
    std::erase_if(waiting, [this](std::int64_t mail) { return being_filed_.contains(mail); });
    if (waiting.empty()) return std::nullopt;
    const auto inbound = store::find_inbound(*reader_, any(waiting));
    const auto raw = inbound ? unseal_mail(context_.keyring(), nullptr, *inbound) : std::nullopt;
    const auto parsed = raw ? mail::decode(read_mail_in_sandbox(*raw)) : std::nullopt;
    if (!parsed) {
        promises_.report("a mail that was accepted cannot be read back");
        return std::nullopt;
    }
    being_filed_.insert(inbound->no);
    return filing_without_dns(*parsed, *inbound, "Asia/Shanghai", fixture_authserv, octets(30));
}

std::optional<std::pair<CommandBody, Actor>> Clients::something_of_the_desk() {
    const std::uint64_t wish = random_() % 16;
    const Actor staff{ActorKind::staff, any(staff_)};
    if (wish < 1) {
        return {{RegisterCustomer{.customer = fresh<CustomerId>(),
                                  .email = fmt::format("new{}@example.org", promises_.size()),
                                  .name = "New",
                                  .language = "zh-Hans",
                                  .zone = "Asia/Shanghai",
                                  .currencies = {"CNY"}},
                 {}}};
    }
    if (wish < 4 || tickets_.empty()) {
        const bool long_mail = random_() % 4 == 0;
        const testing::Letter letter{.from = email_of(static_cast<std::int64_t>(1 + random_() % 3)),
                                     .subject = fmt::format("Charged twice {}", promises_.size()),
                                     .text = "I was charged twice, CNY 12.50, yesterday." +
                                             (long_mail ? std::string(6'000, 'x') : "")};
        auto sealed = seal_mail(context_.keyring(), nullptr,
                                {.channel = "smtp",
                                 .peer = "192.0.2.1",
                                 .mail_from = letter.from,
                                 .recipients = {"support@" + std::string{fixture_domain}}},
                                testing::ServiceFixture::raw_of(letter), 0)
                          .value();
        sealed.mail = fresh<MailId>();
        if (wish < 3) return {{std::move(sealed), {}}};
    }
    if (wish < 8 || tickets_.empty()) {
        auto body = filing();
        if (!body) return std::nullopt;
        return {{*std::move(body), {}}};
    }
    const std::string& ticket = any(tickets_);
    switch (wish) {
    case 8: return {{AddNote{.ticket = ticket, .message_id = fresh<MessageId>(), .text = "Looks right."}, staff}};
    case 9: return {{AssignTicket{.ticket = ticket, .staff = staff.no}, staff}};
    case 10:
        return {{ReplyToTicket{.ticket = ticket,
                               .message_id = fresh<MessageId>(),
                               .outgoing_id = fresh<OutgoingId>(),
                               .text = "We look into it.",
                               .state_after = "",
                               .version = version_of(ticket),
                               .figures = {}},
                 staff}};
    case 11: return {{TakeOutgoing{.mails_max = 2}, {}}};
    case 12: {
        if (handed_out_.empty()) return std::nullopt;
        const auto row = store::find_outgoing(*reader_, any(handed_out_));
        if (!row) {
            promises_.report("a mail that was handed out is not there");
            return std::nullopt;
        }
        return {{ReportDelivery{.outgoing = row->id.text(), .state = "sent", .text = "250 ok", .next_at = 0}, {}}};
    }
    case 13: {
        for (const auto& [id, remedy] : remedies_) {
            if (!remedy.open) continue;
            const std::int64_t approver = remedy.proposer == staff_[0] ? 1 : 0;
            return {{ApproveRemedy{.remedy_id = id,
                                   .totp_code = totp(approver + 1),
                                   .message_id = fresh<MessageId>(),
                                   .outgoing_id = fresh<OutgoingId>()},
                     {ActorKind::staff, staff_[static_cast<std::size_t>(approver)]}}};
        }
        return std::nullopt;
    }
    default: break;
    }
    const auto row = store::find_ticket(*reader_, ticket);
    if (!row || !row->ticket.customer) return std::nullopt;
    for (const auto& [number, payment] : payments_) {
        const std::int64_t left = payment.captured_minor - payment.refunded_minor;
        if (payment.customer != number_of(*row->ticket.customer) || left <= 0) continue;
        return {{ProposeRefund{.ticket = ticket,
                               .remedy_id = fresh<RemedyId>(),
                               .payment = number,
                               .duplicate_of = 0,
                               .amount_minor = left,
                               .currency = "CNY",
                               .expected_refundable = left,
                               .reason = "goodwill",
                               .note = "",
                               .evidence = "{}"},
                 staff}};
    }
    return std::nullopt;
}

std::int64_t Clients::version_of(const std::string& ticket) {
    const auto row = store::find_ticket(*reader_, ticket);
    if (!row) promises_.report(fmt::format("request {} was acknowledged and is missing", ticket));
    return row ? row->ticket.version : 0;
}

void Clients::learn(const Command& command, const Answer& answer) {
    if (!is_money(command.body) && !changes_nothing(command.body)) ++made_["command"];
    if (is_money(command.body) && answer.number > 0) ++made_[std::string{kind_of(command.body)}];
    if (const auto* approve = command.body.as<ApproveRemedy>()) remedies_.at(approve->remedy_id).open = false;
    if (!answer.done()) return;
    if (is_money(command.body)) return learn_money(command, answer);
    ++made_[std::string{kind_of(command.body)}];
    if (command.body.is<RegisterCustomer>()) {
        customers_.push_back(answer.number);
        balances_[answer.number] = 0;
    } else if (command.body.is<RegisterMerchant>()) {
        merchants_.push_back(answer.number);
    } else if (command.body.is<ConfirmStaff>()) {
        staff_.push_back(answer.number);
    } else if (const auto* file = command.body.as<FileMail>()) {
        filed_.insert(file->mail);
        if (!answer.text.empty() && std::ranges::find(tickets_, answer.text) == tickets_.end()) {
            tickets_.push_back(answer.text);
        }
    } else if (command.body.is<ReportDelivery>()) {
        handed_out_.erase(answer.number);
    } else if (command.body.is<TakeOutgoing>()) {
        handed_out_.insert(answer.numbers.begin(), answer.numbers.end());
    } else if (const auto* propose = command.body.as<ProposeRefund>()) {
        remedies_[propose->remedy_id] = {propose->payment, propose->amount_minor, command.actor.no};
    } else if (const auto* approve = command.body.as<ApproveRemedy>()) {
        Remedy& remedy = remedies_.at(approve->remedy_id);
        Payment& payment = payments_.at(remedy.payment);
        payment.refunded_minor += remedy.amount_minor;
        balances_[payment.customer] += remedy.amount_minor;
    }
}

void Clients::learn_money(const Command& command, const Answer& answer) {
    if (const auto* top_up = command.body.as<TopUp>()) {
        balances_[top_up->customer] += top_up->amount_minor;
    } else if (const auto* pay = command.body.as<Pay>()) {
        Payment& payment = payments_[answer.number];
        payment = {pay->customer, pay->merchant, pay->amount_minor};
        payment.held = pay->manual_capture;
        if (payment.held) return;
        payment.captured_minor = pay->amount_minor;
        balances_[pay->customer] -= pay->amount_minor;
    } else if (const auto* send_money = command.body.as<SendMoney>()) {
        balances_[send_money->payer] -= send_money->amount_minor;
        balances_[send_money->payee] += send_money->amount_minor;
    } else if (const auto* capture = command.body.as<CapturePayment>()) {
        Payment& payment = payments_.at(capture->payment);
        payment.held = false;
        payment.captured_minor = capture->amount_minor;
        balances_[payment.customer] -= capture->amount_minor;
    } else if (const auto* cancel = command.body.as<CancelPayment>()) {
        payments_.at(cancel->payment).held = false;
        released_.insert(cancel->payment);
    } else if (const auto* refund = command.body.as<Refund>()) {
        Payment& payment = payments_.at(refund->payment);
        payment.refunded_minor += refund->amount_minor;
        balances_[payment.customer] += refund->amount_minor;
    } else if (command.body.is<ExpireHolds>()) {
        for (const std::int64_t number : answer.numbers) {
            if (payments_.contains(number)) payments_[number].held = false;
            released_.insert(number);
        }
    }
}

std::vector<std::string> Clients::broken_promises() {
    std::vector<std::string> broken;
    for (std::size_t i = 0; i < promises_.size(); ++i) {
        if (promises_.told(i) != Told::answer) broken.push_back(fmt::format("promise {} has no answer", i));
    }
    for (const auto& [customer, balance] : balances_) {
        const auto wallet = reader_->integer("SELECT account FROM account_owner WHERE customer = $1", {customer});
        if (!wallet) {
            broken.push_back(fmt::format("customer {} has no wallet", customer));
            continue;
        }
        std::int64_t posted = 0;
        std::latch answered{1};
        writer_->submit(Command{CommandId::of(at(), octets(10)), at(), {}, ReadAccounts{{*wallet}}}, [&](const Answer& a) {
            if (a.done()) posted = a.accounts.at(0).posted_minor;
            answered.count_down();
        });
        answered.wait();
        if (posted != balance) {
            broken.push_back(
                fmt::format("customer {} has {} and was told of movements that make {}", customer, posted, balance));
        }
    }
    for (const std::int64_t number : released_) {
        const auto payment = store::find_payment(*reader_, number);
        if (!payment || payment->state != payments::PaymentState::canceled) {
            broken.push_back(fmt::format("payment {} was released and still holds", number));
        }
    }
    for (const auto& [number, told] : payments_) {
        const auto payment = store::find_payment(*reader_, number);
        if (!payment || payment->captured_minor != told.captured_minor || payment->refunded_minor != told.refunded_minor) {
            broken.push_back(fmt::format("payment {} is not as it was told: captured {}, refunded {}", number,
                                         told.captured_minor, told.refunded_minor));
        }
    }
    struct Count {
        std::string_view what, sql;
        std::int64_t want;
    };
    const auto made = [this](std::string_view kind) {
        const auto found = made_.find(kind);
        return found == made_.end() ? 0 : found->second;
    };
    const std::array counts{
        Count{"customers", "SELECT count(*) FROM customer", made("RegisterCustomer")},
        Count{"commands", "SELECT count(*) FROM command", made("command")},
        Count{"top-ups", "SELECT count(*) FROM payment WHERE kind = 1", made("TopUp")},
        Count{"payments", "SELECT count(*) FROM payment WHERE kind = 2", made("Pay")},
        Count{"transfers to people", "SELECT count(*) FROM payment WHERE kind = 3", made("SendMoney")},
        Count{"refunds", "SELECT count(*) FROM payment WHERE kind = 4", made("Refund") + made("ApproveRemedy")},
        Count{"captures", "SELECT count(*) FROM payment WHERE kind = 6", made("CapturePayment")},
        Count{"cancellations", "SELECT count(*) FROM payment WHERE kind = 7", made("CancelPayment")},
        Count{"mails", "SELECT count(*) FROM inbound_mail", made("AcceptMail")},
        Count{"filed mails", "SELECT count(*) FROM inbound_mail WHERE state <> 1", std::ssize(filed_)},
        Count{"requests", "SELECT count(*) FROM ticket", std::ssize(tickets_)},
        Count{"notes", "SELECT count(*) FROM message WHERE direction = 3", made("AddNote")},
        Count{"remedies", "SELECT count(*) FROM remedy", made("ProposeRefund")},
    };
    for (const Count& count : counts) {
        const std::int64_t found = reader_->integer(count.sql).value_or(0);
        if (found != count.want)
            broken.push_back(fmt::format("{}: {} are stored, {} promised", count.what, found, count.want));
    }
    return broken;
}

}  // namespace okpay::faults
