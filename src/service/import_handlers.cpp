// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/text.hpp"
#include "service/file_scans.hpp"
#include "service/handlers.hpp"
#include "service/mail_parts.hpp"
#include "store/mailbox_store.hpp"
#include "store/people_store.hpp"

namespace okpay::service {
namespace {

using desk::TicketNo;

// By the ids that it answers to, among requests of imports alone: a mail that only claims to be old never gets into a
// request that people work on.
std::optional<TicketNo> request_of(Books& books, const FileMail& filing) {
    std::vector<std::string_view> ids;
    if (filing.in_reply_to.size() > 2)
        ids.push_back(std::string_view{filing.in_reply_to}.substr(1, filing.in_reply_to.size() - 2));
    for (const std::string_view word : split(filing.references, ' ')) {
        if (word.size() > 2) ids.push_back(word.substr(1, word.size() - 2));
    }
    if (!ids.empty()) std::reverse(filing.in_reply_to.empty() ? ids.begin() : ids.begin() + 1, ids.end());  // newest first
    for (const std::string_view id : ids) {
        if (const auto found = store::imported_request_of(books.connection(), id)) return found;
    }
    return std::nullopt;
}

// A mail of before: what was read of it, from whom and when.
struct Old {
    const FileMail& filing;
    bool ours;
    Moment sent;
};

store::TicketRow closed_request(Books& books, const Context& context, const Old& mail) {
    store::TicketRow row = new_ticket(books, context, mail.sent, mail.filing);
    if (mail.ours) {  // the one whom we wrote to
        row.ticket.party_address = mail.filing.recipients.empty() ? "" : mail.filing.recipients.front();
        const auto customer = store::find_customer_by_email(books.connection(), ascii_lower(row.ticket.party_address));
        row.ticket.customer = customer ? std::optional{customer->no} : std::nullopt;
        row.ticket.first_replied = mail.sent;
    }
    row.ticket.state = desk::TicketState::closed;
    row.ticket.investigation_due.reset();
    return row;
}

void append_to(store::TicketRow& row, const Old& mail) {
    if (mail.ours && (!row.ticket.first_replied || mail.sent < *row.ticket.first_replied))
        row.ticket.first_replied = mail.sent;
    if (mail.sent >= row.ticket.updated) row.preview = preview_of(mail.filing.new_text);
    row.ticket.updated = std::max(row.ticket.updated, mail.sent);
    row.ticket.version += 1;
}

class Importer {
public:
    Importer(Books& books, const Context& context, const Command& command, std::string_view mailbox)
        : books_{books}, context_{context}, command_{command}, mailbox_{mailbox} {}

    ImportOutcome take(const ImportedMail& mail, store::InboundMail inbound) {
        if (store::inbound_with_content(books_.connection(), inbound.content_hash, std::numeric_limits<std::int64_t>::max()))
            return ImportOutcome::already_there;
        inbound.message_id = mail.filing.mail_message_id;
        inbound.no = keep_inbound(books_, inbound);
        FileMail filing = mail.filing;
        filing.mail = inbound.no;
        const Old old{.filing = filing, .ours = mail.ours, .sent = std::min(moment_of_ms(mail.sent_at), command_.at)};
        const ImportOutcome outcome = mail.quarantine.empty() ? file(old, inbound) : quarantine(mail, inbound);
        store::update_inbound(books_.connection(), inbound);
        return outcome;
    }

    ImportOutcome file(const Old& mail, store::InboundMail& inbound) {
        const FileMail& filing = mail.filing;
        const auto known = request_of(books_, filing);
        store::TicketRow row =
            known ? store::find_ticket(books_.connection(), *known).value() : closed_request(books_, context_, mail);
        if (known) {
            append_to(row, mail);
            store::update_ticket(books_.connection(), row);
        } else {
            store::insert_ticket(books_.connection(), row);
        }
        desk::Message message =
            inbound_message(books_, filing, row.ticket, row.ticket.customer.has_value() && !mail.ours, mail.sent);
        if (mail.ours) {
            message.direction = desk::Direction::outbound;
            message.author = desk::Author::staff;
        }
        store::insert_message(books_.connection(), message);
        store::insert_event(books_.connection(), row.ticket.no, command_.at, "imported", std::nullopt,
                            json_text({{"mail", std::to_string(inbound.no)}, {"mailbox", std::string{mailbox_}}}));
        inbound.state = store::InboundState::parsed;
        inbound.authentication = filing.authentication;
        inbound.ticket = number_of(row.ticket.no);
        inbound.message = number_of(message.no);
        if (filing.carries_files) await_scan(books_, inbound.no, command_.at);
        return known ? ImportOutcome::of_known_request : ImportOutcome::new_request;
    }

private:
    static ImportOutcome quarantine(const ImportedMail& mail, store::InboundMail& inbound) {
        inbound.state = store::InboundState::quarantined;
        inbound.reason = mail.quarantine;
        inbound.attempts = 1;
        return ImportOutcome::quarantined;
    }

    Books& books_;
    const Context& context_;
    const Command& command_;
    std::string_view mailbox_;
};

bool is_of_our_domains(const Context& context, std::string_view address) {
    const auto at = address.rfind('@');
    if (at == std::string_view::npos) return false;
    const std::string_view domain = address.substr(at + 1);
    return equal_ignoring_ascii_case(domain, context.settings().domain) ||
           equal_ignoring_ascii_case(domain, context.settings().reply_domain);
}

}  // namespace

void file_old(Books& books, const Context& context, const Command& command, const FileMail& filing,
              store::InboundMail& inbound) {
    const auto row = store::mailbox_mail_of(books.connection(), inbound.no);
    const auto mailbox = row ? store::find_mailbox(books.connection(), row->mailbox) : std::nullopt;
    const Moment received = row && row->received ? *row->received : inbound.received;
    const Old old{.filing = filing,
                  .ours = is_of_our_domains(context, filing.from_address),
                  .sent = std::min(received, command.at)};
    Importer{books, context, command, mailbox ? std::string_view{mailbox->name} : std::string_view{}}.file(old, inbound);
    store::update_inbound(books.connection(), inbound);
}

Answer handle(Books& books, const Context& context, const Command& command, const ImportMails& body) {
    std::vector<store::InboundMail> rows;
    for (const ImportedMail& mail : body.mails) {
        auto row = inbound_of(mail.mail, command.at);
        const bool can_be_filed =
            !mail.quarantine.empty() || (TicketId::parse(mail.filing.ticket_id) && MessageId::parse(mail.filing.message_id));
        if (!row || row->channel != "import" || !can_be_filed) return refused(codes::invalid, "mails: malformed");
        rows.push_back(*std::move(row));
    }
    Importer importer{books, context, command, body.mailbox};
    Answer answer;
    std::int64_t taken = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const ImportOutcome outcome = importer.take(body.mails[i], std::move(rows[i]));
        answer.numbers.push_back(static_cast<std::int64_t>(outcome));
        if (outcome != ImportOutcome::already_there) ++taken;
    }
    if (taken > 0) {
        books.audit(command.at, command.actor, "import_mails", "mailbox:" + body.mailbox,
                    json_text({{"mails", std::to_string(taken)},
                               {"last_mail", std::to_string(books.last_number("inbound_mail"))}}));
    }
    answer.number = taken;
    return answer;
}

}  // namespace okpay::service
