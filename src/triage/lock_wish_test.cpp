// SPDX-License-Identifier: Apache-2.0
#include "triage/lock_wish.hpp"

#include <gtest/gtest.h>

namespace okpay::triage {
namespace {

bool asks(std::string text, std::string subject = "Hello") {
    Message message;
    message.subject = std::move(subject);
    message.new_text = std::move(text);
    return asks_to_lock_own_account(message);
}

TEST(LockWish, IsSeenInPlainWords) {
    for (const std::string text :
         {"Please lock my account.", "Hi,\n\nlock my account now!\n\nLi",
          "I lost my phone. Please freeze my wallet immediately.", "I want to lock my OKPay account",
          "Could you please block my account?", "I ask you to suspend my account today",
          "Please immediately lock my wallet account", "My phone is gone, please lock my account", "请立即锁定我的账户。",
          "手机丢了，请马上冻结我的账号，谢谢", "請幫我凍結我的帳戶", "我要锁定我的钱包", "麻烦把我的账户锁住！"}) {
        EXPECT_TRUE(asks(text)) << text;
    }
    EXPECT_TRUE(asks("As soon as possible. Li", "Please lock my account"));
}

TEST(LockWish, IsNotSeenWhereItIsAQuestionAStoryOrTheOpposite) {
    for (const std::string text : {"Please unlock my account.",
                                   "Why did you lock my account?",
                                   "You locked my account.",
                                   "Please do not lock my account.",
                                   "Don't freeze my account",
                                   "How do I lock my account?",
                                   "If I lose my phone, lock my account.",
                                   "Somebody tried to lock my account.",
                                   "Please lock his account.",
                                   "Block my card please",
                                   "Please lock the door",
                                   "A mail told me to lock my account.",
                                   "my account is blocked, please help",
                                   "为什么冻结我的账户？",
                                   "请不要冻结我的账户",
                                   "我的账户被冻结了，请帮我",
                                   "请解除我的账户锁定",
                                   "我想知道如何锁定我的账户",
                                   "请冻结他的账户",
                                   "可以冻结我的账户吗？"}) {
        EXPECT_FALSE(asks(text)) << text;
    }
    EXPECT_FALSE(asks("Thanks.", "Re: Please lock my account")) << "our own words come back";
}

TEST(LockWish, OfAMachineOrBehindHiddenTextIsNone) {
    Message message;
    message.new_text = "Please lock my account.";
    ASSERT_TRUE(asks_to_lock_own_account(message));
    message.machine_mail = true;
    EXPECT_FALSE(asks_to_lock_own_account(message));
    message.machine_mail = false;
    message.hidden_html = true;
    EXPECT_FALSE(asks_to_lock_own_account(message));
}

}  // namespace
}  // namespace okpay::triage
