// SPDX-License-Identifier: Apache-2.0
#include "demo/people.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "demo/dice.hpp"
#include "demo/uses.hpp"

namespace okpay::demo {
namespace {

using money::Currency;

constexpr std::array staff{
    StaffPersona{"赵敏", "min.zhao@okpay.example", "agent"},
    StaffPersona{"Grace Walker", "grace.walker@okpay.example", "agent"},
    StaffPersona{"林雅婷", "yating.lin@okpay.example", "agent"},
    StaffPersona{"周海峰", "haifeng.zhou@okpay.example", "supervisor"},
    StaffPersona{"Daniel Novak", "daniel.novak@okpay.example", "technical"},
    StaffPersona{"孙悦", "yue.sun@okpay.example", "risk"},
    StaffPersona{"Ruth Adler", "ruth.adler@okpay.example", "auditor"},
    StaffPersona{"Martin Hale", "martin.hale@okpay.example", "admin"},
};

struct FixedPersona {
    std::string_view email, name;
    Tongue tongue;
    std::string_view zone;
    Currency first;
    Currency second;  // the same as the first: one wallet
};
constexpr std::array<FixedPersona, persona_count> fixed{{
    {"xiaoming.wang@example.com", "王小明", Tongue::zh_hans, "Asia/Shanghai", Currency::cny, Currency::cny},
    {"emma.clarke@example.org", "Emma Clarke", Tongue::en, "Europe/London", Currency::eur, Currency::usd},
    {"yijun.chen@example.net", "陳怡君", Tongue::zh_hant, "Asia/Taipei", Currency::twd, Currency::usd},
    {"ken.sato@example.com", "佐藤 健", Tongue::en, "Asia/Tokyo", Currency::jpy, Currency::usd},
    {"oliver.hughes@example.org", "Oliver Hughes", Tongue::en, "America/New_York", Currency::usd, Currency::usd},
    {"na.li@example.net", "李娜", Tongue::zh_hans, "Asia/Shanghai", Currency::cny, Currency::cny},
    {"zhihao.huang@example.org", "黃志豪", Tongue::zh_hant, "Asia/Taipei", Currency::twd, Currency::twd},
    {"lena.hoffmann@example.com", "Lena Hoffmann", Tongue::en, "Europe/Berlin", Currency::eur, Currency::eur},
}};

struct Spelled {
    std::string_view written, latin;
};
constexpr std::array hans_family{
    Spelled{"王", "wang"}, Spelled{"李", "li"},   Spelled{"张", "zhang"}, Spelled{"刘", "liu"},  Spelled{"陈", "chen"},
    Spelled{"杨", "yang"}, Spelled{"赵", "zhao"}, Spelled{"黄", "huang"}, Spelled{"周", "zhou"}, Spelled{"吴", "wu"},
    Spelled{"徐", "xu"},   Spelled{"孙", "sun"},  Spelled{"胡", "hu"},    Spelled{"朱", "zhu"},  Spelled{"高", "gao"},
    Spelled{"林", "lin"},  Spelled{"何", "he"},   Spelled{"郭", "guo"},   Spelled{"马", "ma"},   Spelled{"欧阳", "ouyang"},
};
constexpr std::array hans_given{
    Spelled{"伟", "wei"},      Spelled{"芳", "fang"},     Spelled{"静", "jing"},       Spelled{"磊", "lei"},
    Spelled{"洋", "yang"},     Spelled{"敏", "min"},      Spelled{"婷", "ting"},       Spelled{"浩然", "haoran"},
    Spelled{"子涵", "zihan"},  Spelled{"雨欣", "yuxin"},  Spelled{"建国", "jianguo"},  Spelled{"秀英", "xiuying"},
    Spelled{"思远", "siyuan"}, Spelled{"梦琪", "mengqi"}, Spelled{"志强", "zhiqiang"}, Spelled{"丽华", "lihua"},
    Spelled{"宇航", "yuhang"}, Spelled{"佳怡", "jiayi"},  Spelled{"晓东", "xiaodong"}, Spelled{"文博", "wenbo"},
    Spelled{"若曦", "ruoxi"},  Spelled{"俊杰", "junjie"},
};
constexpr std::array hant_family{
    Spelled{"陳", "chen"},  Spelled{"林", "lin"},   Spelled{"黃", "huang"}, Spelled{"張", "chang"}, Spelled{"李", "lee"},
    Spelled{"吳", "wu"},    Spelled{"劉", "liu"},   Spelled{"蔡", "tsai"},  Spelled{"楊", "yang"},  Spelled{"許", "hsu"},
    Spelled{"鄭", "cheng"}, Spelled{"謝", "hsieh"}, Spelled{"郭", "kuo"},   Spelled{"洪", "hung"},  Spelled{"曾", "tseng"},
};
constexpr std::array hant_given{
    Spelled{"志明", "zhiming"}, Spelled{"淑芬", "shufen"},  Spelled{"雅雯", "yawen"},    Spelled{"冠宇", "guanyu"},
    Spelled{"家豪", "jiahao"},  Spelled{"佩珊", "peishan"}, Spelled{"承恩", "chengen"},  Spelled{"詩涵", "shihan"},
    Spelled{"宗翰", "zonghan"}, Spelled{"欣怡", "xinyi"},   Spelled{"建宏", "jianhong"}, Spelled{"美玲", "meiling"},
    Spelled{"柏翰", "bohan"},   Spelled{"筱涵", "xiaohan"}, Spelled{"俊傑", "junjie"},   Spelled{"靜宜", "jingyi"},
};
constexpr std::array english_family{
    Spelled{"Baker", "baker"},     Spelled{"Bennett", "bennett"}, Spelled{"Carter", "carter"}, Spelled{"Doyle", "doyle"},
    Spelled{"Ellis", "ellis"},     Spelled{"Fischer", "fischer"}, Spelled{"Garcia", "garcia"}, Spelled{"Murphy", "murphy"},
    Spelled{"Novak", "novak"},     Spelled{"O'Brien", "obrien"},  Spelled{"Patel", "patel"},   Spelled{"Reed", "reed"},
    Spelled{"Schmidt", "schmidt"}, Spelled{"Turner", "turner"},   Spelled{"Weber", "weber"},   Spelled{"Young", "young"},
};
constexpr std::array english_given{
    Spelled{"Alice", "alice"}, Spelled{"Ben", "ben"},       Spelled{"Chloe", "chloe"},   Spelled{"David", "david"},
    Spelled{"Erin", "erin"},   Spelled{"Felix", "felix"},   Spelled{"Hannah", "hannah"}, Spelled{"Isaac", "isaac"},
    Spelled{"Julia", "julia"}, Spelled{"Leo", "leo"},       Spelled{"Maya", "maya"},     Spelled{"Noah", "noah"},
    Spelled{"Priya", "priya"}, Spelled{"Samuel", "samuel"}, Spelled{"Tara", "tara"},     Spelled{"Zoë", "zoe"},
};
constexpr std::array japanese_family{
    Spelled{"鈴木", "suzuki"},   Spelled{"高橋", "takahashi"}, Spelled{"田中", "tanaka"},   Spelled{"伊藤", "ito"},
    Spelled{"渡辺", "watanabe"}, Spelled{"山本", "yamamoto"},  Spelled{"中村", "nakamura"}, Spelled{"小林", "kobayashi"},
};
constexpr std::array japanese_given{
    Spelled{"さくら", "sakura"}, Spelled{"陽菜", "hina"},   Spelled{"大翔", "hiroto"}, Spelled{"健太", "kenta"},
    Spelled{"美咲", "misaki"},   Spelled{"拓也", "takuya"}, Spelled{"直子", "naoko"},  Spelled{"翔", "sho"},
};
constexpr std::array<std::string_view, 6> mail_houses{"example.com",  "example.org",  "example.net",
                                                      "mail.example", "post.example", "inbox.example"};

struct FullName {
    std::string name, latin;
};
FullName family_first(const Spelled& family, const Spelled& given, std::string_view between) {
    return {fmt::format("{}{}{}", family.written, between, given.written), fmt::format("{}.{}", given.latin, family.latin)};
}

std::vector<Currency> wallets(Currency first, Currency second) {
    return first == second ? std::vector{first} : std::vector{first, second};
}

Persona made_up(std::uint64_t seed, std::int64_t index) {
    Dice dice = Dice::of(seed, uses::person, static_cast<std::uint64_t>(index));
    const std::uint64_t region = dice.below(100);
    FullName full;
    Persona who;
    if (region < 42) {
        full = family_first(dice.one_of(hans_family), dice.one_of(hans_given), "");
        who.tongue = Tongue::zh_hans;
        who.zone = dice.chance(930) ? "Asia/Shanghai" : "Asia/Singapore";
        who.currencies = wallets(Currency::cny, dice.chance(200) ? Currency::usd : Currency::cny);
    } else if (region < 60) {
        full = family_first(dice.one_of(hant_family), dice.one_of(hant_given), "");
        who.tongue = Tongue::zh_hant;
        who.zone = dice.chance(850) ? "Asia/Taipei" : "Asia/Hong_Kong";
        who.currencies = wallets(Currency::twd, dice.chance(250) ? Currency::usd : Currency::twd);
    } else if (region < 70) {
        full = family_first(dice.one_of(japanese_family), dice.one_of(japanese_given), " ");
        who.tongue = Tongue::en;
        who.zone = "Asia/Tokyo";
        who.currencies = wallets(Currency::jpy, dice.chance(200) ? Currency::usd : Currency::jpy);
    } else {
        const Spelled& given = dice.one_of(english_given);
        const Spelled& family = dice.one_of(english_family);
        full = {fmt::format("{} {}", given.written, family.written), fmt::format("{}.{}", given.latin, family.latin)};
        who.tongue = Tongue::en;
        constexpr std::array<std::string_view, 5> zones{"Europe/London", "Europe/Berlin", "Europe/Dublin",
                                                        "America/New_York", "America/Los_Angeles"};
        who.zone = dice.one_of(zones);
        const bool america = who.zone.starts_with("America");
        const Currency home = america ? Currency::usd : Currency::eur;
        const Currency away = america ? Currency::eur : Currency::usd;
        who.currencies = wallets(home, dice.chance(250) ? away : home);
    }
    who.name = full.name;
    who.email = fmt::format("{}{}@{}", full.latin, index, dice.one_of(mail_houses));  // the index keeps it one of a kind
    return who;
}

}  // namespace

std::span<const StaffPersona> staff_personas() { return staff; }

std::string_view code_of(Tongue tongue) {
    switch (tongue) {
    case Tongue::zh_hans: return "zh-Hans";
    case Tongue::zh_hant: return "zh-Hant";
    case Tongue::en: return "en";
    }
    std::abort();  // no other value is ever made
}

Persona person(std::uint64_t seed, std::int64_t index) {
    if (index >= persona_count) return made_up(seed, index);
    const FixedPersona& who = fixed[static_cast<std::size_t>(index)];
    return {.email = std::string{who.email},
            .name = std::string{who.name},
            .tongue = who.tongue,
            .zone = who.zone,
            .currencies = wallets(who.first, who.second)};
}

}  // namespace okpay::demo
