// SPDX-License-Identifier: Apache-2.0
// Commands cross to other nodes and answers are kept for ever: what is read back is what was written, for every kind
// and every member, also those that are added later.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/describe.hpp>
#include <boost/mp11.hpp>

#include <limits>
#include <set>

#include "service/codec.hpp"

namespace okpay::service {
namespace {

namespace describe = boost::describe;
namespace mp11 = boost::mp11;

template <class T>
constexpr void each_member(auto visit) {
    mp11::mp_for_each<describe::describe_members<T, describe::mod_public>>(visit);
}

// Gives every member a value of its own that JSON could spoil: quotes, line ends, other scripts, the ends of 64 bits.
class Filler {
public:
    explicit Filler(std::int64_t seed) : next_{seed} {}
    void fill(std::string& value) { value = "\"\\\n\t\x01 退款 🙂 </script> " + std::to_string(next_++); }
    void fill(std::int64_t& value) {
        constexpr std::array<std::int64_t, 4> edges{std::numeric_limits<std::int64_t>::min(),
                                                    std::numeric_limits<std::int64_t>::max(), (std::int64_t{1} << 53) + 1,
                                                    -1};
        value = next_ % 2 == 0 ? edges[static_cast<std::size_t>(next_ / 2 % 4)] : next_;
        ++next_;
    }
    void fill(bool& value) { value = !value; }
    template <class T>
    void fill(std::vector<T>& values) {
        values.resize(3);
        for (T& value : values) fill(value);
    }
    template <class T>
        requires std::is_class_v<T> && describe::has_describe_members<T>::value
    void fill(T& value) {
        each_member<T>([&](auto member) { fill(value.*member.pointer); });
    }

private:
    std::int64_t next_;
};

void expect_same(const auto& read, const auto& written, const std::string& where) { EXPECT_EQ(read, written) << where; }

template <class T>
void expect_equal(const T& read, const T& written, const std::string& where) {
    if constexpr (describe::has_describe_members<T>::value && std::is_class_v<T>) {
        each_member<T>(
            [&](auto member) { expect_equal(read.*member.pointer, written.*member.pointer, where + "." + member.name); });
    } else if constexpr (requires { read.begin(); } && !std::is_convertible_v<T, std::string>) {
        ASSERT_EQ(read.size(), written.size()) << where;
        for (std::size_t i = 0; i < read.size(); ++i) expect_equal(read[i], written[i], where);
    } else {
        expect_same(read, written, where);
    }
}

CommandId id_of(std::size_t seed) {
    return CommandId::of(moment_of_ms(1'793'869'200'000), std::string(10, static_cast<char>(seed)));
}

// Apart from what is inside the body.
std::optional<Command> read_back(const Command& command) {
    const std::string text = encode(command);
    auto read = decode_command(text);
    EXPECT_TRUE(read) << text;
    if (!read) return read;
    EXPECT_EQ(read->body.index(), command.body.index()) << text;
    EXPECT_EQ(read->id, command.id);
    EXPECT_EQ(read->at, command.at);
    EXPECT_EQ(read->actor.kind, command.actor.kind);
    EXPECT_EQ(read->actor.no, command.actor.no);
    EXPECT_EQ(encode(*read), text);
    return read;
}

TEST(Codec, every_command_reads_back_what_it_wrote) {
    std::set<std::string_view> names;
    mp11::mp_for_each<AllCommands>([&]<class C>(const C&) {
        for (std::int64_t seed = 0; seed < 10; ++seed) {
            C body{};
            Filler{seed}.fill(body);
            const Command command{id_of(names.size()),
                                  moment_of_ms(1'793'869'200'123 + seed),
                                  {ActorKind::merchant, 7 + seed},
                                  body};
            const auto read = read_back(command);
            ASSERT_TRUE(read && read->body.is<C>());
            expect_equal(read->body.get<C>(), body, std::string{kind_of(command.body)});
        }
        names.insert(kind_of(C{}));
    });
    EXPECT_EQ(names.size(), CommandBody::kinds);  // no two kinds share a name
}

TEST(CommandBody, holds_what_it_was_given_through_copies_and_moves) {
    const std::string long_enough_to_be_elsewhere(100, 'x');
    CommandBody first = TopUp{.key = long_enough_to_be_elsewhere};
    CommandBody copy = first;
    EXPECT_EQ(copy.get<TopUp>().key, long_enough_to_be_elsewhere);
    EXPECT_EQ(first.get<TopUp>().key, long_enough_to_be_elsewhere);
    CommandBody moved = std::move(first);
    EXPECT_EQ(moved.get<TopUp>().key, long_enough_to_be_elsewhere);
    copy = SignOutStaff{"token"};
    EXPECT_EQ(copy.get<SignOutStaff>().session_token_hash, "token");
    copy = moved;
    moved = SignOutStaff{"other"};
    EXPECT_EQ(copy.as<TopUp>()->key, long_enough_to_be_elsewhere);
    EXPECT_EQ(copy.as<SignOutStaff>(), nullptr);
    EXPECT_THROW(std::ignore = copy.get<SignOutStaff>(), std::bad_variant_access);
    const CommandBody& itself = copy;
    copy = itself;
    EXPECT_EQ(copy.get<TopUp>().key, long_enough_to_be_elsewhere);
}

TEST(Codec, a_kind_is_named_as_its_struct) {
    EXPECT_EQ(kind_of(RegisterCustomer{}), "RegisterCustomer");
    EXPECT_EQ(kind_of(ReadAccounts{}), "ReadAccounts");
    EXPECT_EQ(kind_of(FileMail{}), "FileMail");
    EXPECT_EQ(kind_of(ReleaseOutgoing{}), "ReleaseOutgoing");
    EXPECT_EQ(kind_of(ApproveRemedy{}), "ApproveRemedy");
    EXPECT_EQ(kind_of(RejectRemedy{}), "RejectRemedy");
}

TEST(Codec, every_actor_reads_back) {
    for (const ActorKind kind : {ActorKind::system, ActorKind::staff, ActorKind::merchant, ActorKind::customer}) {
        const auto read = decode_command(encode(Command{id_of(1), moment_of_ms(0), {kind, 5}, ReleaseOutgoing{}}));
        ASSERT_TRUE(read);
        EXPECT_EQ(read->actor.kind, kind);
    }
}

TEST(Codec, an_answer_reads_back_what_it_wrote) {
    for (std::int64_t seed = 0; seed < 10; ++seed) {
        Answer answer;
        Filler{seed}.fill(answer);
        const auto read = decode_answer(encode(answer));
        ASSERT_TRUE(read);
        expect_equal(*read, answer, "Answer");
    }
    const auto empty = decode_answer(encode(Answer{}));
    ASSERT_TRUE(empty);
    EXPECT_TRUE(empty->done());
}

TEST(Codec, the_code_stands_first_in_a_kept_answer) {  // verify counts acknowledged mails by it
    EXPECT_THAT(encode(Answer{.number = 3}), ::testing::StartsWith(R"({"code":"",)"));
}

TEST(Codec, garbage_is_refused) {
    const std::string good = encode(Command{id_of(1), moment_of_ms(5), {ActorKind::staff, 5}, CountFailedSignIn{9}});
    ASSERT_TRUE(decode_command(good));
    const auto with = [&good](std::string_view what, std::string_view instead) {
        std::string text = good;
        const auto at = text.find(what);
        EXPECT_NE(at, std::string::npos) << what;
        return text.replace(at, what.size(), instead);
    };
    const std::vector<std::string> bad{"",
                                       "{",
                                       "null",
                                       "[]",
                                       "\"Pay\"",
                                       "{}",
                                       good + good,
                                       good + "x",
                                       good.substr(0, good.size() - 1),
                                       std::string(100'000, '['),
                                       with("CountFailedSignIn", "CountFailedSignin"),
                                       with("CountFailedSignIn", ""),
                                       with("\"CountFailedSignIn\"", "7"),
                                       with("\"staff\":9", "\"staff\":\"9\""),
                                       with("\"staff\":9", "\"staff\":9.5"),
                                       with("\"staff\":9", "\"stuff\":9"),
                                       with("\"staff\":9", "\"staff\":9223372036854775808"),
                                       with("{\"staff\":9}", "null"),
                                       with("{\"staff\":9}", "[9]"),
                                       with("\"kind\":\"staff\"", "\"kind\":\"owner\""),
                                       with("\"kind\":\"staff\"", "\"kind\":1"),
                                       with("\"no\":5", "\"no\":null"),
                                       with("\"at\":5", "\"at\":\"5\""),
                                       with("\"at\":5", "\"at\":5.5"),
                                       with("\"at\":5", "\"at\":18446744073709551615"),
                                       with(id_of(1).text(), "not an id"),
                                       with(id_of(1).text(), id_of(1).text() + "0")};
    for (const std::string& text : bad) EXPECT_FALSE(decode_command(text)) << text.substr(0, 300);
    for (const char* text : {"", "{}", "[]", "{\"code\":\"\"}", "{\"code\":1,\"detail\":\"\",\"number\":0}"}) {
        EXPECT_FALSE(decode_answer(text)) << text;
    }
}

TEST(Codec, no_cut_or_changed_octet_breaks_the_reader) {
    Command command{id_of(3), moment_of_ms(5), {ActorKind::merchant, 5}, Pay{}};
    Filler{1}.fill(command.body.get<Pay>());
    const std::string good = encode(command);
    for (std::size_t at = 0; at < good.size(); ++at) {
        EXPECT_FALSE(decode_command(good.substr(0, at)));
        for (const char octet : {'\0', '"', '{', '}', '\xff', '9'}) {
            std::string changed = good;
            changed[at] = octet;
            const auto read = decode_command(changed);  // refused, or another command that can be written again
            if (read) { EXPECT_TRUE(decode_command(encode(*read))); }
        }
    }
}

}  // namespace
}  // namespace okpay::service
