// SPDX-License-Identifier: Apache-2.0
#include "desk/gratitude.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace okpay::desk {
namespace {

// What carries it: at least one of these, or the whole is no thanks.
constexpr std::array thanking{std::string_view{"thank"},      std::string_view{"thanks"},     std::string_view{"thx"},
                              std::string_view{"ty"},         std::string_view{"cheers"},     std::string_view{"grateful"},
                              std::string_view{"appreciate"}, std::string_view{"appreciated"}};
constexpr std::array beside{std::string_view{"you"},      std::string_view{"so"},         std::string_view{"very"},
                            std::string_view{"much"},     std::string_view{"many"},       std::string_view{"a"},
                            std::string_view{"lot"},      std::string_view{"again"},      std::string_view{"for"},
                            std::string_view{"your"},     std::string_view{"the"},        std::string_view{"quick"},
                            std::string_view{"fast"},     std::string_view{"prompt"},     std::string_view{"kind"},
                            std::string_view{"great"},    std::string_view{"help"},       std::string_view{"support"},
                            std::string_view{"reply"},    std::string_view{"response"},   std::string_view{"answer"},
                            std::string_view{"service"},  std::string_view{"all"},        std::string_view{"good"},
                            std::string_view{"perfect"},  std::string_view{"wonderful"},  std::string_view{"excellent"},
                            std::string_view{"awesome"},  std::string_view{"i"},          std::string_view{"we"},
                            std::string_view{"it"},       std::string_view{"this"},       std::string_view{"that"},
                            std::string_view{"is"},       std::string_view{"was"},        std::string_view{"have"},
                            std::string_view{"has"},      std::string_view{"really"},     std::string_view{"am"},
                            std::string_view{"m"},        std::string_view{"s"},          std::string_view{"ve"},
                            std::string_view{"works"},    std::string_view{"worked"},     std::string_view{"working"},
                            std::string_view{"fine"},     std::string_view{"now"},        std::string_view{"solved"},
                            std::string_view{"resolved"}, std::string_view{"sorted"},     std::string_view{"fixed"},
                            std::string_view{"received"}, std::string_view{"got"},        std::string_view{"refund"},
                            std::string_view{"money"},    std::string_view{"arrived"},    std::string_view{"ok"},
                            std::string_view{"okay"},     std::string_view{"yes"},        std::string_view{"nice"},
                            std::string_view{"day"},      std::string_view{"week"},       std::string_view{"weekend"},
                            std::string_view{"evening"},  std::string_view{"best"},       std::string_view{"kindly"},
                            std::string_view{"regards"},  std::string_view{"sincerely"},  std::string_view{"wishes"},
                            std::string_view{"warm"},     std::string_view{"with"},       std::string_view{"and"},
                            std::string_view{"to"},       std::string_view{"my"},         std::string_view{"problem"},
                            std::string_view{"issue"},    std::string_view{"everything"}, std::string_view{"everyone"},
                            std::string_view{"team"},     std::string_view{"guys"},       std::string_view{"hi"},
                            std::string_view{"hello"},    std::string_view{"hey"},        std::string_view{"dear"},
                            std::string_view{"sir"},      std::string_view{"madam"},      std::string_view{"okpay"},
                            std::string_view{"sent"},     std::string_view{"from"},       std::string_view{"iphone"},
                            std::string_view{"take"},     std::string_view{"care"},       std::string_view{"bye"},
                            std::string_view{"truly"},    std::string_view{"yours"},      std::string_view{"faithfully"}};

// In the order of length, so that the longest that fits is taken; no part of them denies.
constexpr std::array chinese_thanking{
    std::string_view{"非常感谢"}, std::string_view{"非常感謝"}, std::string_view{"十分感谢"}, std::string_view{"十分感謝"},
    std::string_view{"感谢"},     std::string_view{"感謝"},     std::string_view{"谢谢"},     std::string_view{"謝謝"},
    std::string_view{"多谢"},     std::string_view{"多謝"},     std::string_view{"谢了"},     std::string_view{"謝了"},
    std::string_view{"辛苦了"},   std::string_view{"辛苦"},     std::string_view{"谢"},       std::string_view{"謝"}};
constexpr std::array chinese_beside{
    std::string_view{"没有问题了"}, std::string_view{"沒有問題了"}, std::string_view{"没问题了"},
    std::string_view{"沒問題了"},   std::string_view{"已经解决"},   std::string_view{"已經解決"},
    std::string_view{"问题解决"},   std::string_view{"問題解決"},   std::string_view{"已经收到"},
    std::string_view{"已經收到"},   std::string_view{"收到退款"},   std::string_view{"已到账"},
    std::string_view{"已到帳"},     std::string_view{"到账了"},     std::string_view{"到帳了"},
    std::string_view{"已解决"},     std::string_view{"已解決"},     std::string_view{"解决了"},
    std::string_view{"解決了"},     std::string_view{"解决"},       std::string_view{"解決"},
    std::string_view{"已收到"},     std::string_view{"收到了"},     std::string_view{"收到"},
    std::string_view{"知道了"},     std::string_view{"明白了"},     std::string_view{"了解了"},
    std::string_view{"明白"},       std::string_view{"了解"},       std::string_view{"帮助"},
    std::string_view{"幫助"},       std::string_view{"帮忙"},       std::string_view{"幫忙"},
    std::string_view{"回复"},       std::string_view{"回覆"},       std::string_view{"支持"},
    std::string_view{"处理"},       std::string_view{"處理"},       std::string_view{"客服"},
    std::string_view{"你们"},       std::string_view{"你們"},       std::string_view{"您好"},
    std::string_view{"你好"},       std::string_view{"及时"},       std::string_view{"及時"},
    std::string_view{"耐心"},       std::string_view{"太好了"},     std::string_view{"好的"},
    std::string_view{"祝好"},       std::string_view{"祝您"},       std::string_view{"生活愉快"},
    std::string_view{"工作顺利"},   std::string_view{"工作順利"},   std::string_view{"此致"},
    std::string_view{"敬礼"},       std::string_view{"敬禮"},       std::string_view{"问题"},
    std::string_view{"問題"},       std::string_view{"退款"},       std::string_view{"已经"},
    std::string_view{"已經"},       std::string_view{"这么"},       std::string_view{"那么"},
    std::string_view{"很"},         std::string_view{"的"},         std::string_view{"您"},
    std::string_view{"你"},         std::string_view{"我"},         std::string_view{"了"},
    std::string_view{"好"},         std::string_view{"啦"},         std::string_view{"哈"},
    std::string_view{"嗯"},         std::string_view{"已"},         std::string_view{"也"},
    std::string_view{"非常"},       std::string_view{"十分"},       std::string_view{"真的"},
    std::string_view{"都"}};

// Between words: spaces, stops, and the pictures of hands and hearts. A question mark is none.
constexpr std::array between{std::string_view{"，"},     std::string_view{"。"},     std::string_view{"！"},
                             std::string_view{"、"},     std::string_view{"～"},     std::string_view{"…"},
                             std::string_view{"—"},      std::string_view{"’"},      std::string_view{"；"},
                             std::string_view{"\u00A0"}, std::string_view{"\u3000"}, std::string_view{"🙏"},
                             std::string_view{"👍"},     std::string_view{"😊"},     std::string_view{"🙂"},
                             std::string_view{"❤"},      std::string_view{"\uFE0F"}, std::string_view{"🌹"},
                             std::string_view{"👌"}};

template <std::size_t size>
std::size_t longest(const std::array<std::string_view, size>& words, std::string_view rest) {
    std::size_t best = 0;
    for (const std::string_view word : words) {
        if (rest.starts_with(word)) best = std::max(best, word.size());
    }
    return best;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_plain_stop(char c) { return std::string_view{" \t\r\n.,!;:-~'\"()*_"}.find(c) != std::string_view::npos; }

// How often it thanks; nothing where it says something else.
std::optional<int> thanks_in(std::string_view text) {
    int thanks = 0;
    while (!text.empty()) {
        if (is_letter(text.front())) {
            const auto end = static_cast<std::size_t>(std::ranges::find_if_not(text, is_letter) - text.begin());
            const std::string word = ascii_lower(text.substr(0, end));
            if (std::ranges::find(thanking, word) != thanking.end()) ++thanks;
            else if (std::ranges::find(beside, word) == beside.end()) return std::nullopt;
            text.remove_prefix(end);
        } else if (is_plain_stop(text.front())) {
            text.remove_prefix(1);
        } else if (const std::size_t stop = longest(between, text); stop != 0) {
            text.remove_prefix(stop);
        } else {
            const std::size_t thanked = longest(chinese_thanking, text), other = longest(chinese_beside, text);
            if (thanked == 0 && other == 0) return std::nullopt;
            if (thanked >= other) ++thanks;
            text.remove_prefix(std::max(thanked, other));
        }
    }
    return thanks;
}

// "Li Wei", "张伟": a name below the thanks, of letters or of two to four characters, none of which denies or asks.
bool looks_like_name(std::string_view line) {
    constexpr std::array says_something{std::string_view{"不"}, std::string_view{"没"}, std::string_view{"沒"},
                                        std::string_view{"未"}, std::string_view{"无"}, std::string_view{"還"},
                                        std::string_view{"还"}, std::string_view{"再"}, std::string_view{"吗"},
                                        std::string_view{"嗎"}, std::string_view{"呢"}, std::string_view{"什"},
                                        std::string_view{"怎"}, std::string_view{"为"}, std::string_view{"為"},
                                        std::string_view{"钱"}, std::string_view{"錢"}, std::string_view{"款"},
                                        std::string_view{"账"}, std::string_view{"帐"}, std::string_view{"锁"},
                                        std::string_view{"错"}, std::string_view{"請"}, std::string_view{"请"},
                                        std::string_view{"快"}};
    if (std::ranges::any_of(says_something, [&](std::string_view one) { return line.contains(one); })) return false;
    const bool han = std::ranges::all_of(line, [](char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; });
    if (han) return line.size() >= 6 && line.size() <= 12;  // three octets each
    int words = 0;
    for (const std::string_view word : split(line, ' ')) {
        if (word.empty()) continue;
        ++words;
        if (!(word.front() >= 'A' && word.front() <= 'Z') || !std::ranges::all_of(word, is_letter)) return false;
    }
    return words >= 1 && words <= 3 && line.size() <= 40;
}

}  // namespace

bool is_only_thanks(std::string_view text) {
    text = trimmed(text);
    if (text.empty() || text.size() > thanks_octets_max) return false;
    if (const auto thanks = thanks_in(text)) return *thanks > 0;
    const std::size_t last_line = text.rfind('\n');
    if (last_line == std::string_view::npos || !looks_like_name(trimmed(text.substr(last_line)))) return false;
    return thanks_in(text.substr(0, last_line)).value_or(0) > 0;
}

}  // namespace okpay::desk
