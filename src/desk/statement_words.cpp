// SPDX-License-Identifier: Apache-2.0
#include "desk/statement_words.hpp"

#include <fmt/format.h>

#include "desk/letter.hpp"

namespace okpay::desk {
namespace {

using payments::Movement;

constexpr StatementWords english{
    .title = "Account statement",
    .holder = "Account holder",
    .wallet = "Wallet",
    .period = "Period",
    .made = "Made on",
    .opening = "Opening balance",
    .money_in = "Money in",
    .money_out = "Money out",
    .fees = "Fees",
    .closing = "Closing balance",
    .when = "Date and time",
    .what = "What",
    .with = "With",
    .memo = "Note",
    .reference = "Reference",
    .details = "Details",
    .amount = "Amount",
    .fee = "Fee",
    .balance = "Balance",
    .currency = "Currency",
    .ledger = "Ledger",
    .no_movements = "No movements in this period.",
    .about_holds = "Money on hold is still yours and part of the balance; it stands here once it is taken.",
};

constexpr StatementWords simplified{
    .title = "账户对账单",
    .holder = "户名",
    .wallet = "钱包",
    .period = "账单期间",
    .made = "生成时间",
    .opening = "期初余额",
    .money_in = "收入合计",
    .money_out = "支出合计",
    .fees = "手续费合计",
    .closing = "期末余额",
    .when = "日期时间",
    .what = "事项",
    .with = "对方",
    .memo = "备注",
    .reference = "交易编号",
    .details = "明细",
    .amount = "金额",
    .fee = "手续费",
    .balance = "余额",
    .currency = "币种",
    .ledger = "账本",
    .no_movements = "本期间内没有资金变动。",
    .about_holds = "预授权占用的金额仍属于您，包含在余额中；实际扣款后才会列入本对账单。",
};

constexpr StatementWords traditional{
    .title = "帳戶對帳單",
    .holder = "戶名",
    .wallet = "錢包",
    .period = "對帳期間",
    .made = "產生時間",
    .opening = "期初餘額",
    .money_in = "收入合計",
    .money_out = "支出合計",
    .fees = "手續費合計",
    .closing = "期末餘額",
    .when = "日期時間",
    .what = "事項",
    .with = "對方",
    .memo = "備註",
    .reference = "交易編號",
    .details = "明細",
    .amount = "金額",
    .fee = "手續費",
    .balance = "餘額",
    .currency = "幣別",
    .ledger = "帳本",
    .no_movements = "本期間內沒有資金變動。",
    .about_holds = "預授權保留的金額仍屬於您，包含在餘額中；實際扣款後才會列入本對帳單。",
};

}  // namespace

StatementWords statement_words(Language language) {
    switch (language) {
    case Language::en: return english;
    case Language::zh_hans: return simplified;
    case Language::zh_hant: return traditional;
    }
    std::abort();
}

std::string_view words_of(Movement movement, Language language) {
    const auto words = [movement]() -> Wording {
        switch (movement) {
        case Movement::top_up: return {"Top-up", "充值", "儲值"};
        case Movement::purchase: return {"Purchase", "消费", "消費"};
        case Movement::refund: return {"Refund", "退款", "退款"};
        case Movement::sent: return {"Sent", "转出", "轉出"};
        case Movement::received: return {"Received", "转入", "轉入"};
        case Movement::withdrawal: return {"Withdrawal", "提现", "提領"};
        case Movement::exchange_given: return {"Exchanged into another currency", "兑换转出", "兌換轉出"};
        case Movement::exchange_received: return {"Exchanged from another currency", "兑换转入", "兌換轉入"};
        case Movement::withdrawal_returned: return {"Withdrawal that came back", "提现退回", "提領退回"};
        case Movement::fee: return {"Fee", "手续费", "手續費"};
        case Movement::fee_returned: return {"Fee given back", "手续费退回", "手續費退回"};
        case Movement::correction: return {"Correction", "更正", "更正"};
        }
        std::abort();
    };
    return words().in(language);
}

std::string about_checking(Language language, std::string_view head) {
    switch (language) {
    case Language::en:
        return fmt::format(
            "Made as of entry {} of the ledger, whose chain of hashes proves that nothing was changed since. An auditor "
            "checks it with: okpay verify --head {}",
            head.substr(0, head.find(':')), head);
    case Language::zh_hans:
        return fmt::format(
            "本对账单截至账本第 {} 笔记录生成；哈希链可证明此后账本未被更改。审计人员可用以下命令核验：okpay verify --head "
            "{}",
            head.substr(0, head.find(':')), head);
    case Language::zh_hant:
        return fmt::format(
            "本對帳單截至帳本第 {} 筆記錄產生；雜湊鏈可證明此後帳本未被更改。稽核人員可用以下命令核驗：okpay verify --head "
            "{}",
            head.substr(0, head.find(':')), head);
    }
    std::abort();
}

std::string about_mistakes(Language language, std::string_view support_address) {
    switch (language) {
    case Language::en:
        return fmt::format("Is something wrong? Write to {} and name the reference of the line.", support_address);
    case Language::zh_hans: return fmt::format("如有疑问，请写信至 {}，并注明该行的交易编号。", support_address);
    case Language::zh_hant: return fmt::format("如有疑問，請寫信至 {}，並註明該行的交易編號。", support_address);
    }
    std::abort();
}

std::string statement_time(std::string_view zone, Moment at) { return when_exactly(zone, at); }

std::string statement_instrument(Language language, std::string_view instrument) {
    constexpr std::string_view dot = "·";  // as wide as a Chinese character in the fonts that have both
    const auto blank = instrument.find(' ');
    const std::string_view kind = instrument.substr(0, blank);
    std::string rest{blank == std::string_view::npos ? std::string_view{} : instrument.substr(blank)};
    for (auto at = rest.find(dot); at != std::string::npos; at = rest.find(dot)) rest.replace(at, dot.size(), "*");
    if (kind == "wallet") return {};
    if (kind == "card") return std::string{Wording{"Card", "银行卡", "銀行卡"}.in(language)} + rest;
    if (kind == "bank") return std::string{Wording{"Bank account", "银行账户", "銀行帳戶"}.in(language)} + rest;
    return std::string{kind} + rest;
}

std::string statement_figure(money::Money amount) {
    const bool negative = amount.minor() < 0;
    std::string figure = (negative ? amount.negated() : amount).decimal();
    const auto point = figure.find('.');
    for (std::size_t at = point == std::string::npos ? figure.size() : point; at > 3; at -= 3) figure.insert(at - 3, 1, ',');
    return negative ? "\u2212" + figure : figure;
}

}  // namespace okpay::desk
