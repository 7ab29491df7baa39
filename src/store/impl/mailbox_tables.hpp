// SPDX-License-Identifier: Apache-2.0
// The tables of hosted mailboxes (store/mailbox_store.hpp), as their migration makes them.
#pragma once

#include <string_view>

namespace okpay::store {

inline constexpr std::string_view mailbox_tables = R"sql(
CREATE TABLE hosted_mailbox (no SEQ_KEY, name TEXT NOT NULL UNIQUE, uid_validity BIGINT NOT NULL, walk BIGINT NOT NULL,
    last_uid BIGINT NOT NULL, old_until_uid BIGINT NOT NULL, since BIGINT NOT NULL, taken BIGINT NOT NULL,
    updated BIGINT NOT NULL);
CREATE TABLE mailbox_mail (no SEQ_KEY, mailbox BIGINT NOT NULL REFERENCES hosted_mailbox(no), walk BIGINT NOT NULL,
    uid BIGINT NOT NULL, outcome BIGINT NOT NULL, mail BIGINT REFERENCES inbound_mail(no), received BIGINT,
    at BIGINT NOT NULL, UNIQUE (mailbox, walk, uid));
CREATE UNIQUE INDEX mailbox_mail_taken ON mailbox_mail (mail) WHERE mail IS NOT NULL;
)sql";

}  // namespace okpay::store
