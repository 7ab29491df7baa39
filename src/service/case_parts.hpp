// SPDX-License-Identifier: Apache-2.0
// Shared by those who change a request because a customer proved or reported something: links of letters, assurance of a
// request, a request of the risk team.
#pragma once

#include "customers/change.hpp"
#include "service/handlers.hpp"
#include "service/money_parts.hpp"

namespace okpay::service {

// What a link of a letter is for: its token is a MAC over the purpose and the id of what it opens, so the house can write it
// again and keeps its hash alone.
enum class LinkPurpose : std::uint8_t { prove_change = 1, cancel_change = 2, open_case = 3, cancel_phone = 4 };

inline constexpr std::string_view case_file_purpose = "case file";  // what a file is sealed for

class HouseLink {
public:
    HouseLink(const Context& context, LinkPurpose purpose, ByteView id);
    [[nodiscard]] Hash256 hash() const;  // what is stored
    [[nodiscard]] std::string url() const;  // of a page that shows a button; the token stands behind '#', so no log has it

private:
    Bytes token_;
    std::string page_;
};
// A reply quotes our letter, and staff read it: without what opens its link.
std::string without_link_tokens(std::string text);
// Of what somebody sent; nothing where it is none.
std::optional<Hash256> hash_of_link(std::string_view token_text);

// "wa***@qq.example"
std::string masked_mailbox(std::string_view address);
// In lower case; nothing where it is none.
std::optional<std::string> canonical_mailbox(std::string_view text);

// A request is as sure as the surest thing that was shown for it. True where that is more than before.
bool raise_assurance(Books& books, store::TicketRow& row, customers::Assurance shown, std::string_view by, Moment at);

// Version, moment, and the screens that show it.
void touch_ticket(Books& books, store::TicketRow& row, Moment at);

}  // namespace okpay::service
