// SPDX-License-Identifier: Apache-2.0
#include "desk/gratitude.hpp"

#include <gtest/gtest.h>

#include <string>

namespace okpay::desk {
namespace {

TEST(Gratitude, knows_thanks_and_nothing_else) {
    for (const char* text :
         {"Thank you!", "thanks", "Thx 🙏", "Thank you so much for your quick help!",
          "Hi,\n\nthanks a lot, it works now.\n\nBest regards\nLi Wei", "Great, thank you. Have a nice day!",
          "I got the refund, thanks again!", "Thanks!\n\nSent from my iPhone",
          "Many thanks\nKind regards,\nAnna Maria Smith", "谢谢！", "好的，谢谢", "收到，非常感谢你们的帮助！",
          "谢谢，问题解决了。", "多謝幫忙！", "已到账，谢谢客服", "辛苦了🙏", "谢谢您\n张伟", "没问题了，谢谢", "Ok 谢谢"}) {
        EXPECT_TRUE(is_only_thanks(text)) << text;
    }
}

TEST(Gratitude, whoever_says_more_is_heard) {
    for (const char* text : {"",
                             "ok",
                             "好的",
                             "收到",
                             "Thanks, but it still does not work",
                             "Thanks. When will the money arrive?",
                             "Thank you for nothing",
                             "Thanks, I have not received the money",
                             "thank you, please close my account",
                             "Thanks, my number is 12",
                             "Thanks for the refund of 20",
                             "谢谢，还没到账",
                             "谢谢，什么时候到账？",
                             "谢谢，钱没收到",
                             "问题没解决，谢谢",
                             "谢谢\n还没到账",
                             "谢谢\n请尽快",
                             "谢谢，不用了，我要投诉",
                             "thanks, the second payment is still wrong",
                             "Thanks\nPlease Hurry Up Now",
                             "Thanks?",
                             "谢谢？",
                             "多谢你们的拖延",
                             "Спасибо"}) {
        EXPECT_FALSE(is_only_thanks(text)) << text;
    }
    EXPECT_FALSE(
        is_only_thanks(std::string(thanks_octets_max, ' ') + std::string(100, '.') + "thanks" + std::string(300, '!')));
}

TEST(Gratitude, is_not_confused_by_broken_text) {
    for (std::size_t cut = 1; cut < 12; ++cut) {
        const std::string whole = "谢谢🙏";
        EXPECT_EQ(is_only_thanks(std::string_view{whole}.substr(0, std::min(cut, whole.size()))),
                  cut == 3 || cut == 6 || cut == 10 || cut == 11)
            << cut;
    }
}

}  // namespace
}  // namespace okpay::desk
