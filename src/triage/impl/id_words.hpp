// SPDX-License-Identifier: Apache-2.0
// What stands before a number and says what it is the number of, folded.
#pragma once

#include <array>
#include <string_view>

namespace okpay::triage {

inline constexpr std::array<std::string_view, 50> transaction_labels{"订单",
                                                                     "交易单",
                                                                     "交易号",
                                                                     "交易编号",
                                                                     "交易单号",
                                                                     "交易流水号",
                                                                     "交易流水",
                                                                     "流水号",
                                                                     "流水",
                                                                     "订单号",
                                                                     "订单编号",
                                                                     "单号",
                                                                     "参考号",
                                                                     "参考编号",
                                                                     "付款编号",
                                                                     "支付单号",
                                                                     "编号",
                                                                     "单据号",
                                                                     "单据号码",
                                                                     "收据号",
                                                                     "收据号码",
                                                                     "小票号",
                                                                     "凭证号",
                                                                     "登记号",
                                                                     "受理号",
                                                                     "业务号",
                                                                     "交易号码",
                                                                     "订单号码",
                                                                     "参考号码",
                                                                     "transaction id",
                                                                     "transaction ids",
                                                                     "transaction number",
                                                                     "transaction no",
                                                                     "transaction",
                                                                     "txn id",
                                                                     "txn",
                                                                     "reference",
                                                                     "reference number",
                                                                     "ref",
                                                                     "order no",
                                                                     "order number",
                                                                     "order",
                                                                     "payment id",
                                                                     "payment number",
                                                                     "payment no",
                                                                     "receipt",
                                                                     "receipt no",
                                                                     "receipt number",
                                                                     "confirmation number",
                                                                     "confirmation code"};
// Before such a label: it numbers something else.
inline constexpr std::array<std::string_view, 14> other_numbers{"错误", "报错", "故障", "商户", "门店", "设备", "终端",
                                                                "员工", "客服", "证件", "学生", "会员", "户口", "税"};
// What moves money, before its number: "payout PO-2026-10-7731", but "withdrawal 2026-11-02" and "payment usd 1200" are
// none.
inline constexpr std::array<std::string_view, 8> movement_labels{"payout", "withdrawal", "settlement", "top-up",
                                                                 "top up", "deposit",    "transfer",   "payment"};
inline constexpr std::array<std::string_view, 23> error_labels{
    "报错码",   "报",       "报码", "回传码",      "代码",      "错误代码",      "错误码",     "错误编号",
    "错误代号", "错误信息", "错误", "报错",        "故障码",    "返回码",        "返回",       "error code",
    "error",    "err",      "http", "http status", "with code", "response code", "status code"};
inline constexpr std::array<std::string_view, 20> last4_labels{
    "last 4",        "last4",    "末4位", "尾号为",    "尾号是",      "尾号",   "末四码",  "末四位",    "后四位",
    "末四位数",      "后4位",    "末4码", "ending in", "ending with", "ending", "ends in", "ends with", "last four digits",
    "last 4 digits", "last four"};
inline constexpr std::array<std::string_view, 12> secret_labels{"cvv2",      "cvv",    "cvc",   "安全码",
                                                                "密码是",    "密码为", "密码:", "password is",
                                                                "password:", "pin is", "pin:",  "my pin code is"};
inline constexpr std::array<std::string_view, 9> code_labels{"验证码是",         "验证码为", "验证码:",
                                                             "动态码是",         "动态码:",  "verification code is",
                                                             "one-time code is", "code is",  "otp is"};
inline constexpr std::array<std::string_view, 14> account_labels{"账号",       "账户",     "用户名",   "户口",
                                                                 "注册的",     "注册邮箱", "注册手机", "account",
                                                                 "registered", "username", "login",    "user id",
                                                                 "my email",   "我的邮箱"};
inline constexpr std::array<std::string_view, 14> new_value_labels{"改为", "改成",   "改做",   "换做",   "换成",
                                                                   "换到", "变更为", "更改为", "更新为", "转做",
                                                                   " to ", " now ",  "new ",   "新"};
inline constexpr std::array<std::string_view, 12> phone_labels{"电话",   "手机", "号码", "tel", "phone", "call",
                                                               "mobile", "致电", "联系", "qq",  "微信",  "line"};

}  // namespace okpay::triage
