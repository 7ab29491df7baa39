// SPDX-License-Identifier: Apache-2.0
#include "mail/reply.hpp"

#include <gtest/gtest.h>

#include <array>

namespace okpay::mail {
namespace {

struct ReplyCase {
    std::string_view name, text, fresh;
    std::string_view quoted = "", forwarded = "";  // a piece that must be in it; empty: it must be empty
    bool forwards = false;
};
const std::array reply_cases{
    ReplyCase{"nothing to cut", "Hello,\n\nI paid twice.\n", "Hello,\n\nI paid twice."},
    ReplyCase{"gmail", "Yes please.\n\nOn Thu, Nov 5, 2026 at 5:48 PM OKPay <help@pay.example> wrote:\n\n> Which one?\n",
              "Yes please.", "Which one?"},
    ReplyCase{"gmail wrapped",
              "Yes.\n\nOn Thu, Nov 5, 2026 at 5:48 PM OKPay Support Team\n<help@pay.example> wrote:\n> Which?\n", "Yes.",
              "Which?"},
    ReplyCase{"gmail in chinese", "好的\n\nOKPay 客服 <help@pay.example> 于2026年11月5日周四 17:48写道：\n\n> 请提供金额\n",
              "好的", "请提供金额"},
    ReplyCase{"apple in chinese",
              "金额128\n\n发自我的iPhone\n\n> 在 2026年11月5日，17:48，OKPay <help@pay.example> 写道：\n> \n> 请提供金额\n",
              "金额128", "请提供金额"},
    ReplyCase{"netease", "是的\nAt 2026-11-05 17:48:00, \"OKPay\" <help@pay.example> wrote:\n\n请提供金额\n", "是的",
              "请提供金额"},
    ReplyCase{"netease in chinese", "是的\n\n\n在 2026-11-05 17:48:00，\"OKPay\" <help@pay.example> 写道：\n请提供金额",
              "是的", "请提供金额"},
    ReplyCase{"netease master", "是的\n\n---- 回复的原邮件 ----\n| 发件人 | OKPay |\n请提供金额", "是的", "请提供金额"},
    ReplyCase{"qq",
              "是的，128元\n\n\n\n\n------------------ 原始邮件 ------------------\n发件人: \"OKPay\" <help@pay.example>;\n"
              "发送时间: 2026年11月5日(星期四) 下午5:48\n收件人: \"张\"<z@qq.com>;\n主题: Re: 退款\n\n请提供金额",
              "是的，128元", "请提供金额"},
    ReplyCase{"foxmail",
              "是的\n\n\n\nzhang@qq.com\n \n发件人： OKPay\n发送时间： 2026-11-05 17:48\n收件人： zhang\n主题： Re: "
              "退款\n请提供金额",
              "是的\n\nzhang@qq.com", "请提供金额"},
    ReplyCase{
        "outlook",
        "Yes, the second.\n\n________________________________\nFrom: OKPay <help@pay.example>\nSent: Thursday\nTo: Li\n"
        "Subject: Re: [OK-1]\n\nWhich one?",
        "Yes, the second.", "Which one?"},
    ReplyCase{"outlook in chinese",
              "第二笔\n\n发件人: OKPay <help@pay.example>\n发送时间: 2026年11月5日\n收件人: Li\n主题: 答复\n\n哪一笔？",
              "第二笔", "哪一笔？"},
    ReplyCase{"outlook traditional", "第二筆\n\n寄件者: OKPay\n寄件日期: 2026年11月5日\n收件者: Li\n主旨: 回覆\n\n哪一筆？",
              "第二筆", "哪一筆？"},
    ReplyCase{"old outlook", "Yes.\n\n-----Original Message-----\nFrom: OKPay\nSent: x\nTo: y\nSubject: z\n\nWhich?", "Yes.",
              "Which?"},
    ReplyCase{"answers between quotes",
              "On 2026-11-05 17:48, OKPay wrote:\n> Which amount?\n128.50\n> Which day?\nThursday\n", "128.50\nThursday",
              "Which day?"},
    ReplyCase{"answer below a quote", "> Which amount?\n\n128.50\n", "128.50", "Which amount?"},
    ReplyCase{"answer below an unmarked quote", "On 2026-11-05 17:48, OKPay <h@pay.example> wrote:\n\nWhich?\n\n128.50\n",
              "Which?\n\n128.50", "wrote:"},
    ReplyCase{"attribution without a verb", "128\n\n2026-11-05 17:48 GMT+08:00 OKPay <\nhelp@pay.example>:\n\n> Which?\n",
              "128", "Which?"},
    ReplyCase{"quote only", "> Which amount?\n> Please.\n", "", "Please."},
    ReplyCase{"signature", "Refund please\n-- \nLi Wei\nTel 1380\n", "Refund please"},
    ReplyCase{"a dash line is no signature in a long text", "a\n--\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\no",
              "a\n--\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\no"},
    ReplyCase{"phones", "ok\n\nSent from my iPhone", "ok"},
    ReplyCase{"phones in chinese", "ok\n来自我的华为手机\n发自我的小米手机", "ok"},
    ReplyCase{"sentence that begins like a phone's", "Sent from my account was ￥128, please check it",
              "Sent from my account was ￥128, please check it"},
    ReplyCase{"sentence with wrote", "On the phone your agent wrote: wait.\nI waited.",
              "On the phone your agent wrote: wait.\nI waited."},
    ReplyCase{"a from line alone", "From: my wallet\nI sent 128 to a friend", "From: my wallet\nI sent 128 to a friend"},
    ReplyCase{"gmail forward",
              "Is this you?\n\n---------- Forwarded message ---------\nFrom: x <x@y.example>\nDate: a\nSubject: b\nTo: "
              "c\n\nPay now",
              "Is this you?", "", "Pay now"},
    ReplyCase{"apple forward", "See below\n\nBegin forwarded message:\n\n> From: x\n> Subject: y\n> \n> Pay now\n",
              "See below", "", "Pay now"},
    ReplyCase{"netease forward", "请看\n\n-------- 转发邮件信息 --------\n发件人：x\n立即付款", "请看", "", "立即付款"},
    ReplyCase{"qq forward", "请看\n\n------------------ 原始邮件 ------------------\n发件人: x\n主题: y\n立即付款", "请看",
              "", "立即付款", true},
    ReplyCase{"outlook forward", "See\n\nFrom: x\nSent: y\nTo: z\nSubject: s\n\nPay now", "See", "", "Pay now", true},
};

TEST(Reply, keeps_what_is_new) {
    for (const ReplyCase& c : reply_cases) {
        SCOPED_TRACE(c.name);
        const ReplyParts got = split_reply(c.text, c.forwards);
        EXPECT_EQ(got.new_text, c.fresh);
        EXPECT_EQ(got.quoted_text.empty(), c.quoted.empty());
        EXPECT_NE(got.quoted_text.find(c.quoted), std::string::npos);
        EXPECT_EQ(got.forwarded_text.empty(), c.forwarded.empty());
        EXPECT_NE(got.forwarded_text.find(c.forwarded), std::string::npos);
    }
}

TEST(Reply, knows_the_prefixes_of_a_subject) {
    for (const std::string_view subject : {"Fwd: x", "FW:x", "转发：x", "轉寄: x", "fwd : x"})
        EXPECT_TRUE(says_forward(subject)) << subject;
    for (const std::string_view subject : {"Re: Fwd: x", "回复：转发：x", "Forward me", "x"})
        EXPECT_FALSE(says_forward(subject)) << subject;
    for (const std::string_view subject : {"Re: x", "RE[2]: Re: x", "回复：x", "答复: 回复：x", "转发：Re:x", "Re：x"}) {
        EXPECT_EQ(without_prefixes(subject), "x") << subject;
    }
    EXPECT_EQ(without_prefixes("Refund: x"), "Refund: x");
}

}  // namespace
}  // namespace okpay::mail
