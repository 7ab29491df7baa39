// SPDX-License-Identifier: Apache-2.0
#include "service/change_parts.hpp"

#include <fmt/format.h>

#include "service/locks.hpp"
#include "store/change_store.hpp"

namespace okpay::service {
namespace {

using customers::Change;
using customers::ChangeKind;
using customers::Customer;

desk::Wording said_of(ChangeKind kind) {
    if (kind == ChangeKind::phone) {
        return {"The change of my phone number was not me: I stopped it by the link of your mail.",
                "变更手机号码并非本人操作：我已通过你们邮件中的链接取消了申请。",
                "變更手機號碼並非本人操作：我已透過你們郵件中的連結取消了申請。"};
    }
    return {"The change of my mail address was not me: I stopped it by the link at the old address.",
            "更换邮箱并非本人操作：我已通过发送到原邮箱的链接取消了申请。",
            "變更電子郵件並非本人操作：我已透過寄到原信箱的連結取消了申請。"};
}

}  // namespace

Customer customer_of_change(Books& books, const Change& change) {
    auto found = store::find_customer(books.connection(), change.customer);
    if (!found) throw store::StorageFailure{store::StorageFault::corrupt, "a change names nobody"};
    return *std::move(found);
}

desk::LetterTo letter_to(const Context& context, const Customer& customer) {
    return {.language = desk::language_of(customer.language),
            .name = customer.name,
            .zone = customer.zone,
            .house = context.settings().house};
}

std::string report_change(Books& books, const Context& context, const Command& command, std::string_view seed,
                          const Change& change) {
    const bool phone = change.kind == ChangeKind::phone;
    const customers::LockNo lock =
        place_lock(books, context, command,
                   {.customer = change.customer,
                    .scope = customers::LockScope::debits,
                    .source = customers::LockSource::customer,
                    .reason =
                        phone ? fmt::format("change {} of the phone number was stopped by the link of its letter", change.no)
                              : fmt::format("change {} of the mail address was stopped from the old address", change.no),
                    .message_code = "not_me",
                    .review_at = std::nullopt,
                    .expires_at = std::nullopt});
    store::delete_customer_sessions(books.connection(), change.customer);
    const Customer customer = customer_of_change(books, change);
    const std::string said{said_of(change.kind).in(desk::language_of(customer.language))};
    const auto row = say_in_request(books, command, lock,
                                    {.message = StepIds{seed, change.no, command.at}.next<MessageId>("stopped"),
                                     .text = said,
                                     .event = phone ? "phone_change_stopped_by_link" : "change_stopped_by_old_address",
                                     .details = json_text({{"change", std::to_string(change.no)}})});
    return row.ticket.request_number;
}

}  // namespace okpay::service
