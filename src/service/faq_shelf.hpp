// SPDX-License-Identifier: Apache-2.0
// What is published of the FAQ, read and indexed once and again only when it changed.
//   Threads  any.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "desk/faq_index.hpp"
#include "service/command_desk.hpp"
#include "store/faq_store.hpp"

namespace okpay::service {

struct PublishedFaq {
    store::FaqArticleRow article;
    store::FaqVersionRow version;  // the published one
};

struct FaqContent {
    std::string fingerprint;
    std::vector<PublishedFaq> articles;
    desk::FaqIndex index;  // its entries are these articles, in this order
    [[nodiscard]] const PublishedFaq* find(std::string_view slug, desk::Language language) const;
};

class FaqShelf {
public:
    // As of this connection's state of the database. Throws StorageFailure.
    std::shared_ptr<const FaqContent> content(store::Connection& connection);

private:
    std::mutex mutex_;
    std::shared_ptr<const FaqContent> newest_;  // under mutex_
};

// Where the mail is a plain question that one article answers beyond doubt, names it in the filing: the writer then answers
// with it. `answer_message` is the id of the message that would carry it.
void offer_faq_answer(FileMail& filing, const FaqContent& content, std::string answer_message);

}  // namespace okpay::service
