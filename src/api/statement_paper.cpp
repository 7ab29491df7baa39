// SPDX-License-Identifier: Apache-2.0
#include "api/statement_paper.hpp"

#include <fmt/format.h>

#include "base/bytes.hpp"
#include "base/ensure.hpp"
#include "customers/local_time.hpp"
#include "desk/statement_words.hpp"
#include "paper/csv.hpp"
#include "payments/payment_ref.hpp"

namespace okpay::api {
namespace {

using desk::Language;
using desk::StatementWords;
using money::Money;
using paper::CsvRow;

// A wallet's balance and turnover stay within Money's limit (money/ledger.hpp).
Money money_of(std::int64_t minor, money::Currency currency) {
    const auto money = Money::of_minor(minor, currency);
    ensure(money.has_value());
    return *money;
}

struct Setting {
    explicit Setting(const StatementPaper& given)
        : paper{given},
          language{desk::language_of(given.customer.language)},
          words{desk::statement_words(language)},
          zone{customers::is_zone(given.customer.zone) ? given.customer.zone : "UTC"} {}

    [[nodiscard]] std::string head() const {
        return fmt::format("{}:{}", paper.statement.ledger_seq, hex_of(view_of(paper.statement.ledger_hash)));
    }
    [[nodiscard]] std::string code() const { return std::string{money::code_of(paper.statement.currency)}; }
    [[nodiscard]] std::string decimal(std::int64_t minor) const {
        return money_of(minor, paper.statement.currency).decimal();
    }
    [[nodiscard]] std::string figure(std::int64_t minor) const {
        return desk::statement_figure(money_of(minor, paper.statement.currency));
    }
    [[nodiscard]] std::string when(Moment at) const { return desk::statement_time(zone, at); }
    [[nodiscard]] std::string with(const service::StatementEntry& entry) const {
        if (!entry.counterparty.empty()) return entry.counterparty;
        return desk::statement_instrument(language, entry.instrument);
    }
    // A purchase's memo is often its merchant's name again.
    [[nodiscard]] static std::string memo(const service::StatementEntry& entry) {
        return entry.memo == entry.counterparty ? std::string{} : entry.memo;
    }

    const StatementPaper& paper;
    Language language;
    StatementWords words;
    std::string zone;
};

std::string text(std::string_view words) { return std::string{words}; }

}  // namespace

std::string statement_csv(const StatementPaper& paper) {
    const Setting set{paper};
    const StatementWords& words = set.words;
    const service::Statement& statement = paper.statement;
    std::vector<CsvRow> rows;
    const auto add = [&](std::string when, std::string_view what, std::string with, std::string memo, std::string reference,
                         std::string amount, std::string fee, std::string balance) {
        rows.push_back({{std::move(when)},
                        {text(what)},
                        {std::move(with)},
                        {std::move(memo)},
                        {std::move(reference)},
                        {std::move(amount), true},
                        {std::move(fee), true},
                        {std::move(balance), true},
                        {set.code()}});
    };
    rows.push_back({{fmt::format("{} ({})", words.when, set.zone)},
                    {text(words.what)},
                    {text(words.with)},
                    {text(words.memo)},
                    {text(words.reference)},
                    {text(words.amount)},
                    {text(words.fee)},
                    {text(words.balance)},
                    {text(words.currency)}});
    const payments::StatementSums& sums = statement.sums;
    add(paper.from_day, words.opening, "", "", "", "", "", set.decimal(sums.opening_minor));
    for (const service::StatementEntry& entry : statement.entries) {
        const payments::StatementLine& line = entry.line;
        add(set.when(line.at), desk::words_of(line.movement, set.language), set.with(entry), Setting::memo(entry),
            payments::text_of(entry.payment), set.decimal(line.amount_minor), set.decimal(line.fee_minor),
            set.decimal(line.balance_minor));
    }
    add(paper.until_day, words.closing, "", "", "", "", "", set.decimal(sums.closing_minor));
    add("", words.money_in, "", "", "", set.decimal(sums.in_minor), "", "");
    add("", words.money_out, "", "", "", set.decimal(sums.out_minor), "", "");
    add("", words.fees, "", "", "", "", set.decimal(sums.fees_minor), "");
    add("", words.title, paper.house, "", "", "", "", "");
    add("", words.holder, paper.customer.name, "", "", "", "", "");
    add("", words.wallet, fmt::format("{} ({})", set.code(), number_of(statement.account)), "", "", "", "", "");
    add("", words.period, fmt::format("{} – {}", paper.from_day, paper.until_day), "", "", "", "", "");
    add(set.when(paper.made), words.made, "", "", "", "", "", "");
    add("", words.ledger, set.head(), "", "", "", "", "");
    return paper::csv_of(rows);
}

Result<std::string, paper::PaperError> statement_pdf(const StatementPaper& paper) {
    const Setting set{paper};
    const StatementWords& words = set.words;
    const service::Statement& statement = paper.statement;
    const payments::StatementSums& sums = statement.sums;
    const auto language = [&] {
        switch (set.language) {
        case Language::en: return paper::PaperLanguage::en;
        case Language::zh_hans: return paper::PaperLanguage::zh_hans;
        case Language::zh_hant: return paper::PaperLanguage::zh_hant;
        }
        std::abort();
    };
    const std::string code = set.code();
    paper::Document document{.language = language(),
                             .title = fmt::format("{}, {}, {} – {}", words.title, code, paper.from_day, paper.until_day),
                             .issuer = paper.house,
                             .heading = text(words.title),
                             .fields = {{text(words.holder), paper.customer.name},
                                        {text(words.period), fmt::format("{} – {}", paper.from_day, paper.until_day)},
                                        {text(words.wallet), fmt::format("{} ({})", code, number_of(statement.account))},
                                        {text(words.made), fmt::format("{} ({})", set.when(paper.made), set.zone)}},
                             .figures = {{text(words.opening), set.figure(sums.opening_minor)},
                                         {text(words.money_in), set.figure(sums.in_minor)},
                                         {text(words.money_out), set.figure(sums.out_minor)},
                                         {text(words.fees), set.figure(sums.fees_minor)},
                                         {text(words.closing), set.figure(sums.closing_minor)}},
                             .columns = {{text(words.when), 1.7, false},
                                         {text(words.details), 3.3, false},
                                         {fmt::format("{} ({})", words.amount, code), 1.45, true},
                                         {text(words.fee), 0.95, true},
                                         {text(words.balance), 1.5, true}},
                             .rows = {},
                             .notes = {text(words.about_holds), desk::about_mistakes(set.language, paper.support_address),
                                       desk::about_checking(set.language, set.head())},
                             .made = paper.made};
    document.rows.reserve(statement.entries.size() + 3);
    document.rows.push_back(
        {.cells = {{paper.from_day}, {text(words.opening)}, {""}, {""}, {set.figure(sums.opening_minor)}}, .strong = true});
    for (const service::StatementEntry& entry : statement.entries) {
        const payments::StatementLine& line = entry.line;
        std::string what{desk::words_of(line.movement, set.language)};
        if (const std::string with = set.with(entry); !with.empty()) what += " – " + with;
        paper::PaperCell details{.text = std::move(what)};
        if (std::string memo = Setting::memo(entry); !memo.empty()) details.below.push_back(std::move(memo));
        details.below.push_back(payments::text_of(entry.payment));
        document.rows.push_back({.cells = {{set.when(line.at)},
                                           std::move(details),
                                           {set.figure(line.amount_minor)},
                                           {line.fee_minor == 0 ? std::string{} : set.figure(line.fee_minor)},
                                           {set.figure(line.balance_minor)}}});
    }
    if (statement.entries.empty()) document.rows.push_back({.cells = {{""}, {text(words.no_movements)}, {""}, {""}, {""}}});
    document.rows.push_back(
        {.cells = {{paper.until_day}, {text(words.closing)}, {""}, {""}, {set.figure(sums.closing_minor)}}, .strong = true});
    return paper::pdf_of(document);
}

}  // namespace okpay::api
