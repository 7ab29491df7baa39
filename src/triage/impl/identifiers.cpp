// SPDX-License-Identifier: Apache-2.0
#include "triage/impl/identifiers.hpp"

#include <unicode/ucurr.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "triage/impl/id_words.hpp"
#include "triage/impl/scan.hpp"
#include "triage/impl/starts.hpp"

namespace okpay::triage {
namespace {

using std::string_view;

enum Kind : Starts::Kinds { link = 1, transaction = 2, error = 4, last4 = 8, secret = 16 };
constexpr Starts starts = [] {
    Starts table;
    table.add(std::array<string_view, 4>{"@", "http://", "https://", "www."}, link);
    table.add(transaction_labels, transaction);
    table.add(movement_labels, transaction);
    table.add(error_labels, error);
    table.add(last4_labels, last4);
    table.add(std::array<string_view, 5>{"*", "xxxx", "...", "card", "卡"}, last4);
    table.add(secret_labels, secret);
    table.add(code_labels, secret);
    return table;
}();

constexpr std::size_t run_digits_max = 24;  // more than any card or phone number has

bool is_id_octet(char c) { return is_word(c) || c == '_' || c == '-'; }

std::size_t id_end(string_view text, std::size_t at) {
    while (at < text.size() && is_id_octet(text[at])) ++at;
    while (at > 0 && text[at - 1] == '-') --at;
    return at;
}

bool has_digit(string_view text) { return std::ranges::any_of(text, is_digit); }
bool has_letter(string_view text) { return std::ranges::any_of(text, is_letter); }
std::size_t digits_in(string_view text) { return static_cast<std::size_t>(std::ranges::count_if(text, is_digit)); }
bool starts_word(string_view text, std::size_t at) { return at == 0 || !is_id_octet(text[at - 1]); }

// "txn" is a label before " 123" but the head of the id in "txn123", as "err" is in "err-3007".
bool goes_on(string_view text, std::size_t label_end) {
    return is_letter(text[label_end - 1]) && label_end < text.size() && is_id_octet(text[label_end]);
}

// "交易号: ", "order no. #", "transaction ids are " between a label and what it names.
std::size_t skip_joint(string_view text, std::size_t at) {
    constexpr std::array<string_view, 20> joints{"number", "no.", "no", "id", "ids", "is", "are", "was", "is:", "是",
                                                 "为",     ":",   "#",  "=",  "\"",  "(",  ".",   "[",   "s",   "code"};
    for (int steps = 0; steps < 5; ++steps) {
        at = skip_spaces(text, at);
        const auto joint = word_at(text, at, joints);
        if (!joint) break;
        at += joints[*joint].size();
    }
    return skip_spaces(text, at);
}

class Taker {
public:
    Taker(Sheet& sheet, string_view from_address) : sheet_{sheet}, from_{ascii_lower(from_address)} {}

    Identifiers run() {
        for (std::uint32_t at = 0; at < text().size(); ++at) {
            if (const Starts::Kinds kinds = starts.kinds_at(text(), at); kinds != 0) places_.push_back({at, kinds});
        }
        take_addresses_and_links();
        take_request_numbers();
        take_labelled_ids();
        take_numbers_of_people_and_cards();
        take_secrets();
        take_ids_by_form();
        take_last4();
        take_error_codes();
        take_phones();
        return std::move(found_);
    }

private:
    [[nodiscard]] string_view text() const { return sheet_.text(); }
    // Calls `each` where a word of the kind may begin. What was blotted since begins none.
    template <class Each>
    void at_each(Kind kind, Each each) {
        for (const Place& place : places_) {
            if ((place.kinds & kind) != 0) each(std::size_t{place.at});
        }
    }
    std::string written(std::size_t begin, std::size_t end) const { return std::string{sheet_.original(begin, end)}; }
    void add_account(std::string account, std::size_t begin) {
        if (account != from_) found_.contact_given = true;
        constexpr std::size_t label_octets = 30;
        if (is_near_before(text(), begin, label_octets, account_labels) &&
            !is_near_before(text(), begin, 14, new_value_labels)) {
            add_once(found_.entities.accounts, std::move(account));
        }
    }

    void take_addresses_and_links() {
        const auto is_local = [](char c) { return is_id_octet(c) || c == '.' || c == '+' || c == '%'; };
        at_each(link, [&](std::size_t at) {
            if (text()[at] == '@') {
                std::size_t begin = at;
                while (begin > 0 && is_local(text()[begin - 1])) --begin;
                std::size_t end = at + 1;
                while (end < text().size() && (is_id_octet(text()[end]) || text()[end] == '.')) ++end;
                while (end > at && text()[end - 1] == '.') --end;
                if (begin == at || text().substr(at, end - at).find('.') == string_view::npos) return;
                add_account(std::string{text().substr(begin, end - begin)}, begin);
                sheet_.blot(begin, end);
            } else if (text().substr(at).starts_with("http://") || text().substr(at).starts_with("https://") ||
                       text().substr(at).starts_with("www.")) {
                std::size_t end = at;
                while (end < text().size() && static_cast<std::uint8_t>(text()[end]) > ' ' &&
                       static_cast<std::uint8_t>(text()[end]) < 0x7F)
                    ++end;
                sheet_.blot(at, end);
            }
        });
    }

    void take_request_numbers() {
        for (std::size_t at = text().find("ok-"); at != string_view::npos; at = text().find("ok-", at + 1)) {
            if (!starts_word(text(), at)) continue;
            std::size_t end = at + 3;
            while (end < text().size() && is_word(text()[end])) ++end;
            const std::size_t length = end - at - 3;
            if (length < 5 || length > 10 || !has_digit(text().substr(at, end - at))) continue;
            std::string number = std::string{text().substr(at, end - at)};
            std::ranges::transform(number, number.begin(),
                                   [](char c) { return is_letter(c) ? static_cast<char>(c - 'a' + 'A') : c; });
            add_once(found_.entities.request_numbers, std::move(number));
            sheet_.blot(at, end);
        }
    }

    // A label, then one id or several: "TXN1 and TXN2".
    void take_labelled_ids() {
        constexpr std::size_t id_octets_min = 5;
        at_each(transaction, [&](std::size_t at) {
            const auto label = word_at(text(), at, transaction_labels);
            if (!label) take_id_of_movement(at);
            if (!label || goes_on(text(), at + transaction_labels[*label].size())) return;
            constexpr std::size_t two_characters = 6;
            if (is_near_before(text(), at, two_characters, other_numbers)) return;
            std::size_t begin = skip_joint(text(), at + transaction_labels[*label].size());
            if (take_spaced_id(begin)) return;
            while (true) {
                const std::size_t end = id_end(text(), begin);
                const string_view id = text().substr(begin, end - begin);
                if (id.size() < id_octets_min || digits_in(id) < 3 || looks_like_date(id) || is_counted(end)) break;
                add_once(found_.entities.transaction_ids, written(begin, end));
                sheet_.blot(begin, end);
                constexpr std::array<string_view, 8> links{"and", "和", "与", "及", "、", ",", "/", "&"};
                const std::size_t link_at = skip_spaces(text(), end);
                const auto joint = word_at(text(), link_at, links);
                if (!joint) break;
                begin = skip_spaces(text(), link_at + links[*joint].size());
            }
        });
    }

    // 0316 2211 8890 2, as a bank prints it: groups of digits of which all but the last have three or four.
    bool take_spaced_id(std::size_t begin) {
        constexpr std::size_t digits_least = 9;
        std::size_t end = begin;
        std::size_t digits = 0;
        std::size_t groups = 0;
        for (std::size_t at = begin; at < text().size() && is_digit(text()[at]); ++groups) {
            const std::size_t group_end = skip_digits(text(), at);
            if (group_end - at > 4 || (group_end < text().size() && (is_letter(text()[group_end]) || is_counted(group_end))))
                break;
            digits += group_end - at;
            end = group_end;
            if (group_end - at < 3 || group_end >= text().size() || text()[group_end] != ' ') break;
            at = group_end + 1;
        }
        const bool money = end < text().size() && (text()[end] == '.' || text()[end] == ',') && end + 1 < text().size() &&
                           is_digit(text()[end + 1]);
        if (groups < 2 || digits < digits_least || money) return false;
        add_once(found_.entities.transaction_ids, written(begin, end));
        sheet_.blot(begin, end);
        return true;
    }

    void take_id_of_movement(std::size_t at) {
        constexpr std::size_t digits_min = 4;
        const auto label = word_at(text(), at, movement_labels);
        if (!label || !starts_word(text(), at) || goes_on(text(), at + movement_labels[*label].size())) return;
        const std::size_t begin = skip_joint(text(), at + movement_labels[*label].size());
        const std::size_t end = id_end(text(), begin);
        const string_view id = text().substr(begin, end - begin);
        if (id.empty() || !is_letter(id.front()) || id.find('-') == string_view::npos || digits_in(id) < digits_min) return;
        if (starts_with_currency_or_month(id) || has_shape_of_iban(id)) return;
        add_once(found_.entities.transaction_ids, written(begin, end));
        sheet_.blot(begin, end);
    }

    // "usd-1200" is an amount, "nov-02-2026" a day.
    static bool starts_with_currency_or_month(string_view id) {
        constexpr std::array<string_view, 24> months{"jan", "january", "feb", "february",  "mar", "march",
                                                     "apr", "april",   "may", "june",      "jun", "july",
                                                     "jul", "august",  "aug", "september", "sep", "sept",
                                                     "oct", "october", "nov", "november",  "dec", "december"};
        const string_view head = id.substr(0, id.find('-'));
        return std::ranges::find(months, head) != months.end() || is_currency(head);
    }

    static bool is_currency(string_view code) {  // of ISO 4217, but Tonga's is the head of "top-up TOP-88120-4"
        if (code.size() != 3 || code == "top") return false;
        icu::UnicodeString upper;
        for (const char c : code) upper.append(static_cast<char16_t>(is_letter(c) ? c - 'a' + 'A' : c));
        return ucurr_getNumericCode(upper.getTerminatedBuffer()) != 0;
    }

    // An account's number as people part it: "gb29-nwbk-6016-1331-9268-19", whether its check digits are right or not.
    static bool has_shape_of_iban(string_view id) {
        constexpr std::size_t shortest = 15;  // ISO 13616: Norway's
        return is_letter(id[0]) && is_letter(id[1]) && is_digit(id[2]) && is_digit(id[3]) &&
               std::ranges::count_if(id, is_word) >= static_cast<std::ptrdiff_t>(shortest);
    }

    // 订单12800元 is a price.
    [[nodiscard]] bool is_counted(std::size_t at) const {
        for (const string_view unit : {"元", "块", "个", "次", "人", "笔", "¥", "€"}) {
            if (text().substr(skip_spaces(text(), at)).starts_with(unit)) return true;
        }
        return false;
    }

    static bool looks_like_date(string_view id) {  // 2026-11-05
        return id.size() <= 10 && !has_letter(id) && std::ranges::count(id, '-') == 2;
    }

    void take_ids_by_form() {
        for (std::size_t at = 0; at < text().size(); ++at) {
            if (!is_word(text()[at]) || !starts_word(text(), at)) continue;
            const std::size_t end = id_end(text(), at);
            const string_view id = text().substr(at, end - at);
            if (is_id_by_form(id) && !is_iban(id)) {
                add_once(found_.entities.transaction_ids, written(at, end));
                sheet_.blot(at, end);
            }
            at = end;
        }
    }

    static bool is_uuid(string_view id) {
        if (id.size() != 36) return false;
        for (std::size_t i = 0; i < id.size(); ++i) {
            const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
            const bool hex = is_digit(id[i]) || (id[i] >= 'a' && id[i] <= 'f');
            if (hyphen ? id[i] != '-' : !hex) return false;
        }
        return true;
    }

    static bool is_id_by_form(string_view id) {
        constexpr std::size_t digits_of_long_id = 16;
        constexpr std::size_t shortest = 7;  // txn and four digits
        if (id.size() < shortest) return false;
        if (is_uuid(id)) return true;
        if ((id.starts_with("pay_") || id.starts_with("pay-")) && id.size() >= 16) return true;  // ours (payments)
        if (id.starts_with("txn") && digits_in(id) >= 4) return true;
        if (id.starts_with("tx") && !is_letter(id[2]) && digits_in(id) >= 4) return true;
        if (id.size() >= digits_of_long_id && digits_in(id) == id.size()) return true;
        const std::size_t letters = id.find_first_not_of("abcdefghijklmnopqrstuvwxyz");
        if (letters < 1 || letters > 4 || letters == string_view::npos) return false;
        const std::size_t digits_min = letters == 1 ? 9 : 7;  // CZ88120034
        return id.size() - letters >= digits_min && digits_in(id) == id.size() - letters;
    }

    static bool is_iban(string_view id) {  // ISO 13616: two letters, two check digits, modulo 97 is 1
        if (id.size() < 15 || id.size() > 34 || !is_letter(id[0]) || !is_letter(id[1])) return false;
        unsigned rest = 0;
        for (std::size_t i = 0; i < id.size(); ++i) {
            const char c = id[(i + 4) % id.size()];
            if (!is_word(c)) return false;
            const unsigned value = is_digit(c) ? static_cast<unsigned>(c - '0') : static_cast<unsigned>(c - 'a') + 10;
            rest = (rest * (value < 10 ? 10 : 100) + value) % 97;
        }
        return rest == 1;
    }

    // Digit runs that spaces or hyphens may part.
    void take_numbers_of_people_and_cards() {
        for (std::size_t at = 0; at < text().size(); ++at) {
            if (!is_digit(text()[at]) || (at > 0 && (is_word(text()[at - 1]) || text()[at - 1] == '+'))) continue;
            std::string digits;
            std::size_t end = at;
            std::size_t next = at;
            while (next < text().size() && digits.size() < run_digits_max &&
                   (is_digit(text()[next]) || text()[next] == 'x')) {
                digits += text()[next];
                end = ++next;
                if (next + 1 < text().size() && (text()[next] == ' ' || text()[next] == '-') && is_digit(text()[next + 1]))
                    ++next;
            }
            const bool is_card = digits.size() >= 13 && digits.size() <= 19 && digits.find('x') == std::string::npos &&
                                 digits[0] >= '3' && digits[0] <= '6' && passes_luhn(digits);
            if (is_card) add_once(found_.entities.card_last4, digits.substr(digits.size() - 4));
            if (is_card || is_resident_number(digits)) {
                found_.sensitive = true;
                sheet_.blot(at, end);
            }
            at = std::max(at, end - 1);
        }
    }

    void take_secrets() {
        at_each(secret, [&](std::size_t at) {
            const auto label = word_at(text(), at, secret_labels);
            const auto code = word_at(text(), at, code_labels);
            if (!label && !code) return;
            const std::size_t size = label ? secret_labels[*label].size() : code_labels[*code].size();
            const std::size_t begin = skip_joint(text(), at + size);
            std::size_t end = begin;
            while (end < text().size() && static_cast<std::uint8_t>(text()[end]) > ' ' &&
                   static_cast<std::uint8_t>(text()[end]) < 0x7F && text()[end] != ',' && text()[end] != '.')
                ++end;
            const string_view value = text().substr(begin, end - begin);
            if (value.size() < 3 || !has_digit(value) || (code && digits_in(value) != value.size())) return;
            found_.sensitive = true;
            sheet_.blot(begin, end);
        });
    }

    void take_last4() {
        at_each(last4, [&](std::size_t at) {
            std::size_t begin = 0;
            if (const auto label = word_at(text(), at, last4_labels)) {
                begin = skip_joint(text(), at + last4_labels[*label].size());
            } else if (text().substr(at).starts_with("**") || text().substr(at).starts_with("xxxx") ||
                       text().substr(at).starts_with("...")) {
                begin = at;
                while (begin < text().size() && string_view{"*x. -"}.find(text()[begin]) != string_view::npos) ++begin;
            } else {
                take_last4_beside_card(at);
                return;
            }
            while (true) {
                const std::size_t end = skip_digits(text(), begin);
                if (end - begin != 4) return;
                add_last4(begin);
                constexpr std::array<string_view, 6> links{"and", "和", "与", "、", ",", "或"};
                const std::size_t link_at = skip_spaces(text(), end);
                const auto joint = word_at(text(), link_at, links);
                if (!joint) return;
                begin = skip_spaces(text(), link_at + links[*joint].size());
            }
        });
    }

    void add_last4(std::size_t begin) {
        add_once(found_.entities.card_last4, std::string{text().substr(begin, 4)});
        sheet_.blot(begin, begin + 4);
    }

    // card (4242), the 4242 card, 4242的卡: four digits alone, which are no year.
    void take_last4_beside_card(std::size_t at) {
        constexpr std::array<string_view, 2> cards{"card", "卡"};
        const auto card = word_at(text(), at, cards);
        if (!card) return;
        const auto is_four = [this](std::size_t begin) {
            const std::size_t end = skip_digits(text(), begin);
            const bool alone = end >= text().size() || (!is_id_octet(text()[end]) && text()[end] != '.' &&
                                                        text()[end] != ':' && text()[end] != '/' && text()[end] != ',');
            const bool year = text().substr(begin).starts_with("20") || text().substr(begin).starts_with("19");
            return end - begin == 4 && alone && !year && !is_counted(end);
        };
        std::size_t begin = skip_spaces(text(), at + cards[*card].size());
        const bool bracket = begin < text().size() && (text()[begin] == '(' || text()[begin] == '#');
        if (bracket) ++begin;
        if (begin < text().size() && is_digit(text()[begin]) && is_four(begin)) {
            add_last4(begin);
            return;
        }
        std::size_t end = at;
        for (const string_view joint : {"的", "那张", "这张", " "}) {
            if (text().substr(0, end).ends_with(joint)) end -= joint.size();
        }
        if (end >= 4 && end < at + 1 && is_digit(text()[end - 1]) && (end == 4 || !is_id_octet(text()[end - 5])) &&
            skip_digits(text(), end - 4) == end && is_four(end - 4)) {
            const bool price = end > 4 && (text()[end - 5] == '.' || text()[end - 5] == ',' || text()[end - 5] == '$');
            if (!price) add_last4(end - 4);
        }
    }

    void take_error_codes() {
        at_each(error, [&](std::size_t at) {
            const auto label = word_at(text(), at, error_labels);
            if (!label || goes_on(text(), at + error_labels[*label].size())) return;
            take_error_code(skip_joint(text(), at + error_labels[*label].size()), 2);
        });
        for (std::size_t at = 0; at < text().size(); ++at) {
            if (is_letter(text()[at]) && starts_word(text(), at)) at = std::max(at, take_error_code(at, 3));
        }
    }

    // E5021, ERR-3007, GATEWAY_TIMEOUT by form; digits alone only behind a label. Returns the end of the token.
    std::size_t take_error_code(std::size_t begin, std::size_t digits_min) {
        const std::size_t end = id_end(text(), begin);
        const string_view code = text().substr(begin, end - begin);
        const string_view original = sheet_.original(begin, end);
        if (is_named_fault(original)) {
            add_once(found_.entities.error_codes, std::string{original});
            sheet_.blot(begin, end);
            return end;
        }
        if (std::ranges::none_of(code, [](char c) { return is_digit(c) || c == '_'; })) return end;  // a plain word
        const bool shouted = code.find('_') != string_view::npos && std::ranges::none_of(original, is_letter);
        const string_view letters =
            code.substr(0, std::min(code.find_first_not_of("abcdefghijklmnopqrstuvwxyz"), code.size()));
        const bool lettered = has_letter(code) && !is_currency(letters) && is_upper_start(original) &&
                              digits_in(code) >= digits_min &&
                              (code.find_first_of("-_") != string_view::npos || code[0] == 'e');
        const bool joined = code.find('_') != string_view::npos && has_letter(code);  // card_not_supported
        const bool labelled =
            digits_min == 2 && ((digits_in(code) >= 2 && code.size() <= 16 && !looks_like_date(code)) || joined);
        constexpr std::size_t digits_of_an_error = 6;  // at most: R-77120-41 is the number of something, as is R-7712-4
        constexpr std::size_t digits_in_parts = 5;
        const bool letters_lead =
            code.find_first_of("abcdefghijklmnopqrstuvwxyz", code.find_first_of("-0123456789")) == string_view::npos;
        if (lettered && !labelled && letters_lead && !code.starts_with("e") &&
            (digits_in(code) > digits_of_an_error ||
             (std::ranges::count(code, '-') >= 2 && digits_in(code) >= digits_in_parts &&
              !starts_with_currency_or_month(code)))) {
            add_once(found_.entities.transaction_ids, std::string{original});
            sheet_.blot(begin, end);
            return end;
        }
        if (code.size() >= 2 && code.size() <= 40 && (shouted || lettered || labelled)) {
            add_once(found_.entities.error_codes, std::string{original});
            sheet_.blot(begin, end);
        }
        return end;
    }

    // NotAllowedError, TimeoutException: as programs name their faults.
    static bool is_named_fault(string_view original) {
        if (!original.ends_with("Error") && !original.ends_with("Exception")) return false;
        const auto capitals = std::ranges::count_if(original, [](char c) { return c >= 'A' && c <= 'Z'; });
        return capitals >= 2 && has_lower(original) && original.find('-') == string_view::npos;
    }
    static bool has_lower(string_view original) { return std::ranges::any_of(original, is_letter); }

    static bool is_upper_start(string_view original) {
        return !original.empty() && original[0] >= 'A' && original[0] <= 'Z';
    }

    void take_phones() {
        for (std::size_t at = 0; at < text().size(); ++at) {
            const bool plus = text()[at] == '+';
            if ((!plus && !is_digit(text()[at])) || (at > 0 && is_word(text()[at - 1]))) continue;
            std::string digits;
            std::size_t end = plus ? at + 1 : at;
            bool parted = false;
            for (std::size_t next = end; next < text().size() && digits.size() < run_digits_max;) {
                if (is_digit(text()[next])) {
                    digits += text()[next];
                    end = ++next;
                } else if ((text()[next] == '-' || text()[next] == ' ') && next + 1 < text().size() &&
                           is_digit(text()[next + 1])) {
                    parted = true;
                    ++next;
                } else {
                    break;
                }
            }
            const bool mainland = digits.size() == 11 && digits[0] == '1' && digits[1] >= '3';
            const bool taiwan = digits.size() == 10 && digits.starts_with("09");
            const bool labelled = digits.size() >= 7 && digits.size() <= 15 && !looks_like_time(at, end) &&
                                  is_near_before(text(), at, 24, phone_labels);
            if ((plus && digits.size() >= 8 && digits.size() <= 15) || mainland || taiwan || labelled) {
                add_account((plus ? "+" : "") + digits, at);
                sheet_.blot(at, end);
            } else if (parted) {
                end = skip_digits(text(), plus ? at + 1 : at);
            }
            at = std::max(at, end > 0 ? end - 1 : 0);
        }
    }

    [[nodiscard]] bool looks_like_time(std::size_t begin, std::size_t end) const {
        return looks_like_date(text().substr(begin, end - begin).substr(0, 10)) ||
               (end < text().size() && text()[end] == ':');
    }

    struct Place {
        std::uint32_t at;
        Starts::Kinds kinds;
    };
    Sheet& sheet_;
    std::string from_;
    std::vector<Place> places_;
    Identifiers found_;
};

}  // namespace

bool passes_luhn(std::string_view digits) {
    int sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        int d = digits[digits.size() - 1 - i] - '0';
        if (i % 2 == 1) d = d * 2 > 9 ? d * 2 - 9 : d * 2;
        sum += d;
    }
    return sum % 10 == 0;
}

bool is_resident_number(std::string_view digits) {
    constexpr std::array weights{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    if (digits.size() != 18 || digits.substr(0, 17).find('x') != std::string_view::npos) return false;
    int sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * (digits[i] - '0');
    return digits[17] == std::string_view{"10x98765432"}[static_cast<std::size_t>(sum % 11)];
}

Identifiers take_identifiers(Sheet& sheet, std::string_view from_address) { return Taker{sheet, from_address}.run(); }

}  // namespace okpay::triage
