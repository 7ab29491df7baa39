// SPDX-License-Identifier: Apache-2.0
#include "founding.hpp"

#include <fmt/format.h>

#include "customers/totp.hpp"
#include "service/applier.hpp"
#include "storage.hpp"
#include "store/schema.hpp"

namespace okpay::simulator {
namespace {

using namespace okpay::service;  // the commands

constexpr Moment first_morning = moment_of_ms(1'793'869'200'000);  // 2026-11-05T09:00:00Z
constexpr std::int64_t customers_count = 6;
constexpr std::int64_t merchants_count = 3;

class Founder {
public:
    Founder() {
        storage_.begin({}, {});
        store::migrate(*storage_.open_plain(store::Access::writer));
        applier_ = std::make_unique<Applier>([this] { return storage_.open_plain(store::Access::writer); }, house_context(),
                                             ApplierOptions{.books = {}, .epoch = std::nullopt, .on_fatal = {}});
    }

    Founding found() {
        Founding made;
        made.house.merchants = merchants_count;
        for (std::int64_t i = 1; i <= customers_count; ++i) made.house.customers.push_back(customer(i));
        for (std::int64_t i = 1; i <= merchants_count; ++i) {
            done(RegisterMerchant{.merchant = fresh<MerchantId>().text(),
                                  .name = fmt::format("Merchant {}", i),
                                  .api_key_hash = hex_of(dice_.octets(32)),
                                  .currencies = {"CNY", "JPY"}});
        }
        made.house.staff = {staff("sam@pay.example", "supervisor"), staff("ann@pay.example", "agent"),
                            staff("ada@pay.example", "admin")};  // who, once there, has a word about the others
        for (const auto& [merchant, currency] : {std::pair{1, "CNY"}, {2, "CNY"}, {1, "JPY"}}) {  // the third has none
            at_ += std::chrono::seconds{30};
            House::Staff& sam = made.house.staff[0];
            sam.last_step = customers::totp_step(at_);
            const std::string account = fmt::format("DE0212030000000030305{}", merchant);
            done(SetPayoutAccount{.merchant = merchant,
                                  .currency = currency,
                                  .instrument = "bank ····305" + std::to_string(merchant),
                                  .sealed_instrument =
                                      base64_of(house_context().keyring().seal(account, instrument_purpose)),
                                  .instrument_hash = hex_of(view_of(sha256(account))),
                                  .totp_code = customers::totp_code(Secret{sam.totp_secret}, sam.last_step)},
                 {ActorKind::staff, 1});
            made.house.payout_accounts.emplace(merchant, currency);
        }
        made.house.staff[1].may_settle = made.house.staff[1].may_change_levels = false;
        applier_->write_back();
        applier_.reset();
        made.image = storage_.image();
        made.house.at = at_;
        return made;
    }

private:
    template <class AnyId>
    AnyId fresh() {
        return AnyId::of(at_, dice_.octets(10));
    }

    Answer done(CommandBody body, Actor actor = {}) {
        Answer answer;
        std::vector<Applier::Waiting> batch;
        batch.push_back(
            {{fresh<CommandId>(), at_, actor, std::move(body)}, [&](Answer given) { answer = std::move(given); }});
        applier_->process(batch);
        if (!answer.done()) throw std::runtime_error{answer.code + ": " + answer.detail};
        return answer;
    }

    House::Customer customer(std::int64_t i) {
        House::Customer made{.currencies = {"CNY"}, .standing = 0, .sealed_instrument = "", .instrument_hash = ""};
        if (i % 2 == 1) made.currencies.emplace_back("JPY");
        const std::string account = fmt::format("DE0212030000000020205{}", i);
        made.sealed_instrument = base64_of(house_context().keyring().seal(account, instrument_purpose));
        made.instrument_hash = hex_of(view_of(sha256(account)));
        done(RegisterCustomer{.customer = fresh<CustomerId>().text(),
                              .email = fmt::format("c{}@example.org", i),
                              .name = fmt::format("Customer {}", i),
                              .language = i % 2 == 0 ? "zh-Hans" : "en",
                              .zone = "Asia/Shanghai",
                              .currencies = made.currencies});
        return made;
    }

    House::Staff staff(const std::string& email, const std::string& role) {
        House::Staff made{.totp_secret = dice_.octets(customers::totp_secret_octets),
                          .may_settle = true,
                          .may_change_levels = true,
                          .last_step = customers::totp_step(at_)};
        const std::string token_hash = hex_of(dice_.octets(32));
        done(AddStaff{.staff = fresh<StaffId>().text(),
                      .email = email,
                      .role = role,
                      .enrol_token_hash = token_hash,
                      .enrol_expires = ms_of(at_ + std::chrono::hours{24})});
        done(EnrolStaff{.enrol_token_hash = token_hash,
                        .name = email,
                        .password_phc = "$argon2id$simulated",
                        .totp_secret_sealed = base64_of(house_context().keyring().seal(made.totp_secret, "totp secret"))});
        done(ConfirmStaff{.enrol_token_hash = token_hash,
                          .totp_code = customers::totp_code(Secret{made.totp_secret}, made.last_step)});
        return made;
    }

    Dice dice_{1};
    Moment at_ = first_morning;
    Storage storage_;
    std::unique_ptr<Applier> applier_;
};

}  // namespace

Context house_context() {
    DeskSettings settings;
    settings.domain = settings.reply_domain = "pay.example";
    settings.tariff = house_tariff();
    return {store::Keyring{Secret{std::string(32, 'k')}}, settings};
}

const Founding& founding() {
    static const Founding founded = Founder{}.found();
    return founded;
}

}  // namespace okpay::simulator
