// SPDX-License-Identifier: Apache-2.0
// A bank for trying things out: what it does is told by the account or card it is given, "sandbox:" and a word. Anything
// else is carried out at once. It remembers nothing: what it answers to an inquiry follows from the word and the count of
// inquiries, so that it answers alike after a restart.
//
//   decline        says no
//   timeout_done   does it and does not answer; an inquiry learns that it was done
//   timeout_lost   does not answer and has never heard of it
//   late           does not answer; knows nothing at two inquiries, then says done
//   never          does not answer and does not know, for ever
//   hang           does not answer at all: the dispatcher's own deadline ends it; an inquiry learns that it was done
//   twice          says done, and says it again by a notice
//   bounce         says done, and a second later that the money came back (withdrawals)
//   no_then_done   says no, and a second later that it was done after all
//
// Of a card that is charged and given back to later; the charge itself is done at once:
//
//   refund_decline       says no to a refund
//   refund_timeout_done  does it and does not answer; an inquiry learns that it was done
//   refund_late          does not answer; knows nothing at two inquiries, then says no
#pragma once

#include <optional>
#include <string_view>

#include "rails/rail.hpp"

namespace okpay::rails {

enum class SandboxWord : std::uint8_t {
    accept,
    decline,
    timeout_done,
    timeout_lost,
    late,
    never,
    hang,
    twice,
    bounce,
    no_then_done,
    refund_decline,
    refund_timeout_done,
    refund_late
};
std::optional<SandboxWord> sandbox_word(std::string_view instrument);  // none: "sandbox:" and a word that means nothing

class SandboxRail final : public Rail {
public:
    explicit SandboxRail(asio::any_io_executor executor, Millis notice_after = Millis{1'000})
        : executor_{std::move(executor)}, notice_after_{notice_after} {}
    net::awaitable<RailAnswer> call(service::RailOrder order) override;
    net::awaitable<RailAnswer> inquire(service::RailOrder order) override;
    void on_notice(OnNotice on_notice) override { on_notice_ = std::move(on_notice); }

private:
    void notify_later(std::int64_t payment, RailAnswer answer, Millis after);

    asio::any_io_executor executor_;
    Millis notice_after_;
    OnNotice on_notice_ = [](const RailNotice&) {};
};

}  // namespace okpay::rails
