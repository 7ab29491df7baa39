// SPDX-License-Identifier: Apache-2.0
// NIST SP 800-63B-4 section 3.1.1.2: length and a blocklist, no composition rules, no periodic change. Lists of leaked
// passwords are mostly a few words in a few dresses, so the dress is taken off first: case, digits for letters, what
// stands before and behind. What is left of a good password is still long.
#include <array>
#include <set>

#include "base/text.hpp"
#include "customers/password.hpp"

namespace okpay::customers {
namespace {

constexpr std::array<std::string_view, 126> common_words{
    "password", "passwort", "passw",    "passwd",   "admin",     "administrator", "root",      "login",     "welcome",
    "letmein",  "secret",   "master",   "changeme", "default",   "guest",         "user",      "test",      "temp",
    "hello",    "iloveyou", "loveyou",  "love",     "monkey",    "dragon",        "football",  "baseball",  "soccer",
    "hockey",   "superman", "batman",   "spider",   "shadow",    "sunshine",      "princess",  "flower",    "michael",
    "jordan",   "jennifer", "jessica",  "ashley",   "daniel",    "thomas",        "robert",    "charlie",   "andrew",
    "matthew",  "joshua",   "george",   "michelle", "nicole",    "hunter",        "ranger",    "buster",    "tigger",
    "ginger",   "pepper",   "cheese",   "cookie",   "chocolate", "banana",        "orange",    "summer",    "winter",
    "spring",   "autumn",   "monday",   "friday",   "january",   "december",      "freedom",   "whatever",  "trustno",
    "starwars", "pokemon",  "computer", "internet", "google",    "facebook",      "microsoft", "windows",   "samsung",
    "iphone",   "android",  "mobile",   "mustang",  "ferrari",   "porsche",       "mercedes",  "corvette",  "harley",
    "yankees",  "cowboys",  "lakers",   "eagles",   "arsenal",   "chelsea",       "liverpool", "barcelona", "america",
    "london",   "killer",   "hottie",   "angel",    "babygirl",  "lovely",        "access",    "matrix",    "phoenix",
    "diamond",  "silver",   "golden",   "purple",   "yellow",    "maggie",        "bailey",    "payment",   "wallet",
    "money",    "woaini",   "wodemima", "mima",     "zhang",     "wang",          "china",     "beijing",   "shanghai",
};

// Rows and columns of a keyboard, and the alphabet: any four in a row count as one key pressed.
constexpr std::array<std::string_view, 9> walks{
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "01234567890",
    "09876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "zyxwvutsrqponmlkjihgfedcba",
};

std::size_t code_points(std::string_view text) {
    std::size_t count = 0;
    for (const char c : text) count += (static_cast<unsigned char>(c) & 0xc0U) != 0x80U ? 1U : 0U;
    return count;
}

bool has_control(std::string_view text) {
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return true;
    }
    return false;
}

char plain_letter(char c) {  // "p4$$w0rd"
    switch (c) {
    case '0': return 'o';
    case '1':
    case '!':
    case '|': return 'i';
    case '3': return 'e';
    case '4':
    case '@': return 'a';
    case '5':
    case '$': return 's';
    case '7': return 't';
    default: return c;  // any other octet stands for itself
    }
}

std::string undressed(std::string_view lower) {
    std::string out{lower};
    for (char& c : out) c = plain_letter(c);
    return out;
}

// The length of the longest piece of a walk that starts here, if it is at least four.
std::size_t walk_at(std::string_view text) {
    std::size_t longest = 0;
    for (const std::string_view walk : walks) {
        for (std::size_t from = 0; from < walk.size(); ++from) {
            std::size_t length = 0;
            while (from + length < walk.size() && length < text.size() && walk[from + length] == text[length]) ++length;
            longest = std::max(longest, length);
        }
    }
    return longest >= 4 ? longest : 0;
}

std::size_t word_at(std::string_view text) {
    std::size_t longest = 0;
    for (const std::string_view word : common_words) {
        if (text.starts_with(word)) longest = std::max(longest, word.size());
    }
    return longest;
}

// Letters (and anything beyond ASCII) that are left once known words, walks, digits and punctuation are taken out.
std::size_t own_letters(std::string_view text) {
    std::size_t own = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view rest = text.substr(at);
        const std::size_t known = std::max(walk_at(rest), word_at(rest));
        if (known > 0) {
            at += known;
            continue;
        }
        const auto c = static_cast<unsigned char>(text[at]);
        own += (c >= 'a' && c <= 'z') || c >= 0x80 ? 1U : 0U;
        ++at;
    }
    return own;
}

bool repeats_itself(std::string_view text) {
    const std::set<char> distinct{text.begin(), text.end()};
    if (distinct.size() < 4) return true;
    for (std::size_t period = 1; period <= 5 && period * 2 < text.size(); ++period) {
        bool same = true;
        for (std::size_t at = period; at < text.size() && same; ++at) same = text[at] == text[at - period];
        if (same) return true;
    }
    return false;
}

constexpr std::size_t own_letters_min = 4;
constexpr std::size_t account_part_min = 4;

}  // namespace

std::optional<PasswordProblem> password_problem(const Secret& password, bool has_second_factor, std::string_view account) {
    const std::string& text = password.reveal();
    if (text.size() > password_octets_max) return PasswordProblem::too_long;
    if (!is_utf8(text) || has_control(text)) return PasswordProblem::not_text;
    const std::size_t least = has_second_factor ? password_characters_min_with_second_factor : password_characters_min_alone;
    if (code_points(text) < least) return PasswordProblem::too_short;
    const std::string lower = ascii_lower(text);
    if (repeats_itself(lower)) return PasswordProblem::repeats_itself;
    const std::string address = ascii_lower(account);
    const std::string_view local = std::string_view{address}.substr(0, address.find('@'));
    if (lower.find("okpay") != std::string::npos) return PasswordProblem::contains_account;
    if (local.size() >= account_part_min && lower.find(local) != std::string::npos) return PasswordProblem::contains_account;
    if (own_letters(lower) < own_letters_min || own_letters(undressed(lower)) < own_letters_min) {
        return PasswordProblem::too_common;
    }
    return std::nullopt;
}

std::string_view code_of(PasswordProblem problem) {
    switch (problem) {
    case PasswordProblem::too_short: return "password_too_short";
    case PasswordProblem::too_long: return "password_too_long";
    case PasswordProblem::too_common: return "password_too_common";
    case PasswordProblem::repeats_itself: return "password_repeats_itself";
    case PasswordProblem::contains_account: return "password_contains_account";
    case PasswordProblem::not_text: return "password_not_text";
    }
    std::abort();
}

std::string_view advice_en(PasswordProblem problem) {
    switch (problem) {
    case PasswordProblem::too_short:
        return "Use at least 15 characters, or 8 with a second factor. Several words are easy to keep.";
    case PasswordProblem::too_long: return "Use at most 1,024 octets.";
    case PasswordProblem::too_common: return "This is among the first that attackers try. Use several unrelated words.";
    case PasswordProblem::repeats_itself: return "This repeats a few characters. Use several unrelated words.";
    case PasswordProblem::contains_account: return "Leave out your mail address and the name of this service.";
    case PasswordProblem::not_text: return "Use letters, digits, signs and spaces only.";
    }
    std::abort();
}

std::string_view advice_zh(PasswordProblem problem) {
    switch (problem) {
    case PasswordProblem::too_short:
        return "密码至少需要 15 个字符；已开启两步验证的，至少 8 个字符。用几个词拼成一句最好记。";
    case PasswordProblem::too_long: return "密码过长，请控制在 1024 字节以内。";
    case PasswordProblem::too_common: return "这个密码太常见，很容易被猜到。请换成几个互不相关的词。";
    case PasswordProblem::repeats_itself: return "密码只是少数字符的重复。请换成几个互不相关的词。";
    case PasswordProblem::contains_account: return "密码里请不要包含您的邮箱地址或本服务的名称。";
    case PasswordProblem::not_text: return "密码只能包含文字、数字、符号和空格。";
    }
    std::abort();
}

}  // namespace okpay::customers
