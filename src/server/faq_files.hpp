// SPDX-License-Identifier: Apache-2.0
// Articles of the FAQ out of Markdown files (desk/faq.hpp tells their form), and those that come with the program.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "server/mail_verbs.hpp"
#include "service/command_faq.hpp"

namespace okpay::server {

struct StarterArticle {
    std::string_view name;  // of its file in packaging/faq
    std::string_view text;
};
std::span<const StarterArticle> starter_faq();

// With the Traditional side of a Simplified one. The error is "NAME:LINE: why".
Result<service::ImportedFaqArticle, std::string> faq_article_of(std::string_view name, std::string_view octets);

// `okpay import --format faq`: all files are read first, and where one is wrong nothing is imported.
int import_faq(const Options& options, const ImportOptions& import);

}  // namespace okpay::server
