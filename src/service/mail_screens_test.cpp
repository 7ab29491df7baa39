// SPDX-License-Identifier: Apache-2.0
// Who reads the pictures of mails: in turn, bounded, and never believed more than an answer may say.
#include "service/mail_screens.hpp"

#include <gtest/gtest.h>

#include <future>
#include <latch>
#include <optional>
#include <vector>

#include "pictures/picture.hpp"

namespace okpay::service {
namespace {

Bytes answer_of(std::string_view words) {
    Bytes answer(1, 1);
    append_text(answer, words);
    return answer;
}

TEST(Screens, an_answer_is_taken_apart_with_care) {
    EXPECT_EQ(screens_answer(answer_of("付款 E1042")), "付款 E1042");
    EXPECT_EQ(screens_answer(""), std::nullopt);
    EXPECT_EQ(screens_answer(Bytes(1, 2)), std::nullopt) << "another version";
    EXPECT_EQ(screens_answer(answer_of("x") + "y"), std::nullopt) << "something behind it";
    EXPECT_EQ(screens_answer(answer_of("\xFF\xFE")), std::nullopt) << "no UTF-8";
    EXPECT_EQ(screens_answer(answer_of(std::string(screens_read_max * (pictures::text_octets_max + 1) + 1, 'x'))),
              std::nullopt)
        << "more than three pictures may say";
    Bytes cut = answer_of("long words");
    cut.pop_back();
    EXPECT_EQ(screens_answer(cut), std::nullopt);
}

TEST(Screens, of_a_mail_without_pictures_say_nothing) {
    EXPECT_EQ(screens_answer(read_screens_in_sandbox("From: a@example.org\r\n\r\nhello\r\n")), "");
    EXPECT_EQ(screens_answer(read_screens_in_sandbox("Content-Type: image/png\r\n\r\nno picture at all\r\n")), "");
}

TEST(Screens, a_child_that_ends_costs_the_words_alone) {
    for (const auto error : {sandbox::SandboxError::crashed, sandbox::SandboxError::timed_out,
                             sandbox::SandboxError::cannot_start, sandbox::SandboxError::too_large}) {
        EXPECT_EQ(words_on_pictures([error](ByteView) -> Result<Bytes, sandbox::SandboxError> { return fail(error); }, "x"),
                  "");
    }
    EXPECT_EQ(words_on_pictures([](ByteView) -> Result<Bytes, sandbox::SandboxError> { return Bytes{"nonsense"}; }, "x"),
              "");
}

// A child that answers with the mail, once it is let go.
struct SlowChild {
    std::latch begun{1}, go{1};
    AskChild ask = [this](ByteView raw) -> Result<Bytes, sandbox::SandboxError> {
        if (raw == "first") begun.count_down();
        go.wait();
        return answer_of(raw);
    };
};

TEST(Screens, wait_in_turn_and_no_more_than_so_many) {
    SlowChild child;
    std::promise<void> all_read;
    std::vector<std::string> read;
    ScreenReader reader{child.ask};
    reader.read("first", [&](std::string words) { read.push_back(std::move(words)); });
    child.begun.wait();  // taken: the others wait behind it
    for (std::size_t i = 0; i < screens_waiting_max; ++i) {
        reader.read(std::to_string(i), [&, i](std::string words) {
            read.push_back(std::move(words));
            if (i + 1 == screens_waiting_max) all_read.set_value();
        });
    }
    std::optional<std::string> at_once;
    reader.read("one too many", [&](std::string words) { at_once = std::move(words); });
    EXPECT_EQ(at_once, "") << "answered before it returns, unread";
    child.go.count_down();
    all_read.get_future().wait();
    ASSERT_EQ(read.size(), screens_waiting_max + 1);
    EXPECT_EQ(read.front(), "first");
    EXPECT_EQ(read.back(), std::to_string(screens_waiting_max - 1));
}

TEST(Screens, of_large_mails_fewer_wait) {
    SlowChild child;
    ScreenReader reader{child.ask};
    std::promise<void> last;
    reader.read("first", [](const std::string&) {});
    child.begun.wait();
    std::optional<std::string> refused;
    reader.read(Bytes(screens_waiting_octets_max, 'x'), [&](const std::string&) { last.set_value(); });
    reader.read("x", [&](std::string words) { refused = std::move(words); });
    EXPECT_EQ(refused, "");
    child.go.count_down();
    last.get_future().wait();
}

}  // namespace
}  // namespace okpay::service
