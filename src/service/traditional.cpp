// SPDX-License-Identifier: Apache-2.0
#include "service/traditional.hpp"

#include <opencc/opencc.h>
#include <spdlog/spdlog.h>

#include <array>
#include <mutex>
#include <utility>

namespace okpay::service {
namespace {

// What the house says where OpenCC has another word, or chose the wrong one.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> house_words{{{"賬", "帳"},
                                                                                    {"郵箱", "信箱"},
                                                                                    {"髮卡", "發卡"},
                                                                                    {"回復", "回覆"},
                                                                                    {"充值", "儲值"},
                                                                                    {"提現", "提領"},
                                                                                    {"點選", "點擊"},
                                                                                    {"“", "「"},
                                                                                    {"”", "」"}}};

std::string in_house_words(std::string text) {
    for (const auto& [word, ours] : house_words) {
        for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + ours.size()))
            text.replace(at, word.size(), ours);
    }
    return text;
}

opencc::SimpleConverter* converter() {
    static const std::unique_ptr<opencc::SimpleConverter> loaded = [] {
        try {
            return std::make_unique<opencc::SimpleConverter>("s2twp.json");
        } catch (const std::exception& error) {
            spdlog::warn("no Traditional Chinese is made of Simplified: OpenCC cannot load its data ({})", error.what());
            return std::unique_ptr<opencc::SimpleConverter>{};
        }
    }();
    return loaded.get();
}

}  // namespace

std::string traditional_of(std::string_view simplified) {
    static std::mutex one_at_a_time;
    const std::lock_guard lock{one_at_a_time};
    const opencc::SimpleConverter* made = converter();
    if (made == nullptr || simplified.empty()) return {};
    try {
        return in_house_words(made->Convert(std::string{simplified}));
    } catch (const std::exception& error) {
        spdlog::warn("a text was not made Traditional Chinese: {}", error.what());
        return {};
    }
}

void add_traditional(FaqWords& words) {
    if (words.language != "zh-Hans") return;
    words.hant_title = traditional_of(words.title);
    words.hant_body = traditional_of(words.body);
    words.hant_questions.clear();
    for (const std::string& question : words.questions) words.hant_questions.push_back(traditional_of(question));
}

}  // namespace okpay::service
