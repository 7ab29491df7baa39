// SPDX-License-Identifier: Apache-2.0
#include "mail/authentication_results.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace okpay::mail {
namespace {

constexpr std::size_t octets_max = 16U << 10U;
constexpr std::size_t methods_max = 50;

struct Token {
    enum class Kind { word, semicolon, equals, comment } kind;
    std::string text;
};

// Quoted strings are words, comments nest (RFC 5322 3.2). None where a quote or a comment does not end.
std::optional<std::vector<Token>> tokens_of(std::string_view value) {
    std::vector<Token> tokens;
    bool joins = false;  // the next word continues the last one
    for (std::size_t i = 0; i < value.size();) {
        const char c = value[i];
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            joins = false;
            ++i;
        } else if (c == ';' || c == '=') {
            tokens.push_back({c == ';' ? Token::Kind::semicolon : Token::Kind::equals, {}});
            joins = false;
            ++i;
        } else if (c == '(') {
            std::string text;
            int depth = 0;
            do {
                if (i == value.size()) return std::nullopt;
                if (value[i] == '(') ++depth;
                if (value[i] == ')') --depth;
                if (value[i] == '\\' && i + 1 < value.size()) ++i;
                text += value[i++];
            } while (depth > 0);
            tokens.push_back({Token::Kind::comment, text.substr(1, text.size() - 2)});
            joins = false;
        } else {
            std::string text;
            if (c == '"') {
                for (++i; i < value.size() && value[i] != '"'; ++i) {
                    if (value[i] == '\\' && i + 1 < value.size()) ++i;
                    text += value[i];
                }
                if (i++ == value.size()) return std::nullopt;
            } else {
                while (i < value.size() && !std::string_view{" \t\r\n;=(\""}.contains(value[i])) text += value[i++];
            }
            if (joins) tokens.back().text += text;
            else tokens.push_back({Token::Kind::word, std::move(text)});
            joins = true;
        }
    }
    return tokens;
}

// "method/version" "=" result [("reason" | ptype.property) "=" value]…
std::optional<MethodResult> read_method(const std::vector<Token>& tokens) {
    MethodResult method;
    std::vector<std::string> words;  // name, value, name, value, …
    bool after_equals = false;
    for (const Token& token : tokens) {
        if (token.kind == Token::Kind::comment) {
            method.comments.push_back(token.text);
        } else if (token.kind == Token::Kind::equals) {
            if (after_equals || words.size() % 2 == 0) return std::nullopt;
            after_equals = true;
        } else {
            if (after_equals != (words.size() % 2 == 1)) return std::nullopt;
            words.push_back(token.text);
            after_equals = false;
        }
    }
    if (after_equals || words.size() < 2 || words.size() % 2 != 0) return std::nullopt;
    method.method = ascii_lower(words[0].substr(0, words[0].find('/')));
    method.result = ascii_lower(words[1]);
    for (std::size_t i = 2; i < words.size(); i += 2) { method.properties.push_back({ascii_lower(words[i]), words[i + 1]}); }
    return method;
}

}  // namespace

std::string_view MethodResult::property(std::string_view name) const {
    const auto found = std::ranges::find(properties, name, &Property::name);
    return found == properties.end() ? std::string_view{} : std::string_view{found->value};
}

std::optional<AuthenticationResults> read_authentication_results(std::string_view value) {
    if (value.size() > octets_max) return std::nullopt;
    const auto tokens = tokens_of(value);
    if (!tokens) return std::nullopt;
    AuthenticationResults results;
    std::vector<Token> part;
    bool first = true;
    const auto end_part = [&] {
        if (first) {
            std::vector<std::string> words;
            for (const Token& token : part) {
                if (token.kind == Token::Kind::word) words.push_back(token.text);
                else if (token.kind == Token::Kind::equals) return false;
            }
            if (words.empty() || words.size() > 2 || (words.size() == 2 && words[1] != "1")) return false;
            results.authserv_id = ascii_lower(words[0]);
            first = false;
        } else if (!part.empty() && !(part.size() == 1 && ascii_lower(part[0].text) == "none")) {
            auto method = read_method(part);
            if (!method || results.methods.size() == methods_max) return false;  // read wholly, or not at all
            results.methods.push_back(*std::move(method));
        }
        part.clear();
        return true;
    };
    for (const Token& token : *tokens) {
        if (token.kind != Token::Kind::semicolon) part.push_back(token);
        else if (!end_part()) return std::nullopt;
    }
    if (!end_part()) return std::nullopt;
    return results;
}

}  // namespace okpay::mail
