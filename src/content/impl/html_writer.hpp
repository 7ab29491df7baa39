// SPDX-License-Identifier: Apache-2.0
// Puts down what is kept of HTML, and takes the secrets out of it: line by line, because tags may stand between their
// digits.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "content/mask.hpp"

namespace okpay::content {

std::string escaped(std::string_view text);  // for text, and for values in double quotes
std::string attribute_text(std::string_view name, std::string_view value);  // ` name="value"`

class HtmlWriter {
public:
    // Answers the place for `text_since`.
    std::size_t open(std::string_view name, std::string_view attributes);
    void close(std::string_view name);
    void text(std::string_view words);
    void end_line();  // what follows is read apart from what stands before
    void cell();      // what follows is read after a blank

    [[nodiscard]] std::string text_since(std::size_t place) const;

    // Each line is masked as one text. Of one that holds a secret the formatting stays, and all its text stands at its
    // first.
    std::vector<SecretKind> mask_lines();
    [[nodiscard]] bool has_secret_across_lines() const;  // after mask_lines
    std::string finish();

private:
    struct Piece {
        std::string octets;
        bool is_text;
        std::size_t line;
    };
    [[nodiscard]] std::string line_text(std::size_t from, std::size_t to) const;
    std::vector<Piece> pieces_;
    std::size_t line_ = 0;
};

}  // namespace okpay::content
