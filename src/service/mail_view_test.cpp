// SPDX-License-Identifier: Apache-2.0
// A mail as it looks: out of its stored octets, with the pictures of the same mail, harmless and whole; what has none is
// told by name. The child's work is done here without the child; the story puts it in one.
#include "service/mail_view.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/text.hpp"
#include "service/queries.hpp"
#include "service_fixture.hpp"
#include "store/object_keys.hpp"

namespace okpay::service {
namespace {

using okpay::testing::ServiceFixture;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::string_view head =
    "From: Li <li@example.org>\r\nTo: support@pay.example\r\nSubject: Look\r\nMessage-ID: <look@example.org>\r\n"
    "MIME-Version: 1.0\r\n";

std::string html_mail(std::string_view html, std::string_view charset = "utf-8") {
    return fmt::format("{}Content-Type: text/html; charset={}\r\n\r\n{}\r\n", head, charset, html);
}

const std::string png = "\x89PNG\r\n\x1a\n pixels";

std::string part(std::string_view type, std::string_view id, std::string_view octets) {
    return fmt::format("--r\r\nContent-Type: {}\r\nContent-ID: <{}>\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n",
                       type, id, base64_of(octets));
}
std::string related_mail(std::string_view html, std::string_view parts) {
    return fmt::format(
        "{}Content-Type: multipart/related; boundary=r\r\n\r\n--r\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        "{}\r\n{}--r--\r\n",
        head, html, parts);
}

MailPage page_of(std::string_view raw) {
    const auto answer = decode_mail_page(view_mail_in_sandbox(raw));
    EXPECT_TRUE(answer && *answer) << raw.substr(0, 400);
    return answer && *answer ? **answer : MailPage{};
}

TEST(MailView, shows_the_pictures_of_the_same_mail_and_no_others) {
    const std::string script = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
    const MailPage page = page_of(
        related_mail("<p>Receipt</p><img src=\"cid:one@x\" alt=a><img src=\"cid:not%2Bthere\"><img src=\"cid:two%40x\"><img "
                     "src=\"cid:drawing@x\"><img src=\"http://canary.example/p.png\"><p>src=\"cid:one@x\"</p>",
                     part("image/png", "one@x", png) + part("application/octet-stream", "two@x", "GIF89a!") +
                         part("image/png", "drawing@x", script)));
    EXPECT_THAT(page.safe.html, HasSubstr("src=\"data:image/png;base64," + base64_of(png) + "\""));
    EXPECT_THAT(page.safe.html, HasSubstr("src=\"data:image/gif;base64," + base64_of("GIF89a!") + "\""));
    EXPECT_THAT(page.safe.html, Not(HasSubstr("<img src=\"cid:")));
    EXPECT_THAT(page.safe.html, Not(HasSubstr("canary")));
    EXPECT_THAT(page.safe.html, HasSubstr("cid:one@x")) << "what the text says stays";
    EXPECT_THAT(page.safe.html, Not(HasSubstr("svg")));
    EXPECT_EQ(page.pictures_left_out, 2U);
    EXPECT_THAT(page.safe.remote, ElementsAre("http://canary.example/p.png"));
}

TEST(MailView, holds_its_limits_of_pictures) {
    const std::string at_most = png + std::string(shown_picture_octets_max - png.size(), 'x');
    std::string html, parts;
    for (int i = 0; i < 5; ++i) {
        html += fmt::format("<img src=\"cid:p{}@x\">", i);
        parts += part("image/png", fmt::format("p{}@x", i), at_most);
    }
    const MailPage five = page_of(related_mail(html, parts));
    EXPECT_EQ(five.pictures_left_out, 1U) << "four of one MiB together";
    const MailPage larger = page_of(related_mail("<img src=\"cid:p@x\">", part("image/png", "p@x", at_most + "x")));
    EXPECT_EQ(larger.pictures_left_out, 1U);
    EXPECT_THAT(larger.safe.html, Not(HasSubstr("data:")));

    std::string again;
    for (int i = 0; i < 200; ++i) again += "<img src=\"cid:p@x\">";
    const MailPage often = page_of(related_mail(again, part("image/png", "p@x", at_most)));
    EXPECT_EQ(often.pictures_left_out, 196U) << "each time it is shown counts";
    EXPECT_LT(often.safe.html.size(), mail_page_octets_max);
}

TEST(MailView, reads_the_charset_of_the_mail) {
    // "退款" in GB 2312.
    const MailPage labelled = page_of(html_mail("<p>\xCD\xCB\xBF\xEE</p>", "gb2312"));
    EXPECT_THAT(labelled.safe.html, HasSubstr("退款"));
    const MailPage by_meta =
        page_of(fmt::format("{}Content-Type: text/html\r\n\r\n<meta charset=gb2312><p>\xCD\xCB\xBF\xEE</p>\r\n", head));
    EXPECT_THAT(by_meta.safe.html, HasSubstr("退款"));
}

TEST(MailView, takes_its_own_body_and_neither_files_nor_forwarded_mails) {
    const MailPage page = page_of(fmt::format(
        "{}Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n"
        "--a\r\nContent-Type: text/plain\r\n\r\nplain\r\n--a\r\nContent-Type: text/html\r\n\r\n<b>body</b>\r\n--a--\r\n"
        "--m\r\nContent-Type: text/html; name=report.html\r\n\r\n<i>file</i>\r\n"
        "--m\r\nContent-Type: message/rfc822\r\n\r\nFrom: x@example.org\r\nContent-Type: "
        "text/html\r\n\r\n<i>forwarded</i>\r\n"
        "--m--\r\n",
        head));
    EXPECT_THAT(page.safe.html, HasSubstr("body"));
    for (const char* other : {"file", "forwarded", "plain"}) EXPECT_THAT(page.safe.html, Not(HasSubstr(other)));
}

TEST(MailView, lets_nothing_run_load_or_deceive_unseen) {
    for (const std::string_view hostile :
         {"<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<base href=//evil.example>",
          "<iframe srcdoc='<script>alert(1)</script>'></iframe>", "<form action=//evil.example><input name=q></form>",
          "<a href=\"javascript:alert(1)\">x</a>", "<style>@import url(//evil.example/a.css)</style>",
          "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
          "<img src=\"cid:x\" onerror=alert(1)>", "<meta http-equiv=refresh content='0;url=//evil.example'>"}) {
        const std::string shown = ascii_lower(page_of(html_mail(fmt::format("<p>words</p>{}", hostile))).safe.html);
        for (const char* never : {"<script", "onerror=\"", "<svg", "<iframe", "<form", "<base", "<style", "<meta",
                                  "javascript:", "src=\"//", "src=\"http"}) {
            EXPECT_THAT(shown, Not(HasSubstr(never))) << hostile;
        }
        EXPECT_THAT(shown, HasSubstr("words")) << hostile;
    }
    const MailPage page = page_of(
        html_mail("<a href=\"https://evil.example/in\">okpay.example</a><p style=\"display:none\">transfer it all</p>"
                  "<p>My card is 4111 1111 1111 1111</p>"));
    ASSERT_EQ(page.safe.links.size(), 1U);
    EXPECT_TRUE(page.safe.links[0].deceives);
    EXPECT_TRUE(page.safe.hidden_found);
    EXPECT_THAT(page.safe.html, Not(HasSubstr("transfer")));
    EXPECT_THAT(page.safe.masked, ElementsAre(content::SecretKind::card_number));
    EXPECT_THAT(page.safe.html, Not(HasSubstr("4111 1111")));
}

TEST(MailView, answers_of_the_child_are_read_whole_or_not_at_all) {
    MailPage page = MailPage::of({.html = "<p>退款</p>",
                                  .remote = {"http://a.example"},
                                  .content_ids = {"a@x"},
                                  .links = {{.address = "https://b.example", .text = "b", .deceives = true}},
                                  .masked = {content::SecretKind::password},
                                  .hidden_found = true,
                                  .simplified = true});
    page.pictures_left_out = 3;
    const Bytes octets = encode(page);
    const auto read = decode_mail_page(octets);
    ASSERT_TRUE(read && *read);
    EXPECT_EQ((*read)->safe.html, page.safe.html);
    EXPECT_EQ((*read)->safe.remote, page.safe.remote);
    EXPECT_EQ((*read)->safe.links.at(0).address, "https://b.example");
    EXPECT_TRUE((*read)->safe.links.at(0).deceives);
    EXPECT_EQ((*read)->safe.masked, page.safe.masked);
    EXPECT_TRUE((*read)->safe.hidden_found && (*read)->safe.simplified);
    EXPECT_EQ((*read)->pictures_left_out, 3U);
    EXPECT_EQ(encode(**read), octets);

    for (std::size_t cut = 0; cut < octets.size(); ++cut) { EXPECT_FALSE(decode_mail_page(octets.substr(0, cut))) << cut; }
    EXPECT_FALSE(decode_mail_page(octets + "x"));
    for (std::size_t at = 0; at < octets.size(); ++at) {
        Bytes changed = octets;
        changed[at] = '\xff';
        const auto other = decode_mail_page(changed);
        if (other && *other) { EXPECT_TRUE(is_utf8((*other)->safe.html)) << at; }
    }
    const auto none = decode_mail_page(encode(std::nullopt));
    ASSERT_TRUE(none);
    EXPECT_FALSE(*none);
    EXPECT_FALSE(decode_mail_page(encode(std::nullopt) + "x"));
    content::SafeHtml many;
    many.remote.assign(content::remote_listed_max + 1, "http://a.example");
    EXPECT_FALSE(decode_mail_page(encode(MailPage::of(std::move(many)))));
}

class MailViewsOf : public ::testing::TestWithParam<store::Engine> {
protected:
    // Answers the message's id.
    MessageId receive(const std::string& raw) {
        FileMail filing = f_.filing(f_.accept(raw));
        const auto id = MessageId::parse(filing.message_id).value();
        f_.done(std::move(filing));
        return id;
    }
    std::optional<MessageMail> stored(const MessageId& id) { return queries_.message_mail(id).value(); }
    MailViewFault fault_of(const std::optional<store::InboundMail>& mail) {
        const auto page = views_.page_of(mail);
        EXPECT_FALSE(page);
        return page ? MailViewFault{} : page.error();
    }

    ServiceFixture f_{GetParam()};
    Queries queries_{f_.database(), 2};
    int asked_ = 0;
    std::optional<sandbox::SandboxError> fails_;
    MailViews views_{f_.context().keyring(), f_.blobs(), [this](ByteView raw) -> Result<Bytes, sandbox::SandboxError> {
                         ++asked_;
                         if (fails_) return fail(*fails_);
                         return view_mail_in_sandbox(raw);
                     }};
};

TEST_P(MailViewsOf, shows_a_message_out_of_its_original_once_made) {
    const MessageId id = receive(html_mail("<h1>Hello</h1>"));
    const auto found = stored(id);
    ASSERT_TRUE(found && found->mail);
    EXPECT_THAT(found->ticket, StartsWith("OK-"));
    const auto page = views_.page_of(found->mail);
    ASSERT_TRUE(page);
    EXPECT_THAT((*page)->safe.html, HasSubstr("<h1>Hello</h1>"));
    EXPECT_EQ(views_.page_of(found->mail).value(), *page);
    EXPECT_EQ(asked_, 1) << "the page behind an answer is not made twice";
    // A large one lies in a file.
    const MessageId large = receive(html_mail("<p>Large</p><!--" + std::string(200'000, 'x') + "-->"));
    ASSERT_TRUE(stored(large)->mail->blob);
    EXPECT_THAT(views_.page_of(stored(large)->mail).value()->safe.html, HasSubstr("Large"));
    for (std::size_t i = 0; i < mail_pages_kept_max; ++i) {
        const std::string body = fmt::format("<p>{}</p>", i);
        EXPECT_TRUE(views_.page_of(stored(receive(html_mail(body)))->mail));
    }
    asked_ = 0;
    EXPECT_TRUE(views_.page_of(stored(id)->mail));
    EXPECT_EQ(asked_, 1) << "few are kept";
}

TEST_P(MailViewsOf, tells_by_name_why_there_is_nothing_to_show) {
    EXPECT_FALSE(stored(f_.fresh<MessageId>()));
    EXPECT_EQ(fault_of(std::nullopt), MailViewFault::not_a_mail);
    const MessageId plain = receive(ServiceFixture::raw_of({.from = "li@example.org", .subject = "Plain", .text = "text"}));
    EXPECT_EQ(fault_of(stored(plain)->mail), MailViewFault::no_html);

    const MessageId id = receive(html_mail("<p>Gone</p>"));
    fails_ = sandbox::SandboxError::crashed;
    EXPECT_EQ(fault_of(stored(id)->mail), MailViewFault::unreadable);
    fails_ = sandbox::SandboxError::timed_out;
    EXPECT_EQ(fault_of(stored(id)->mail), MailViewFault::unreadable);
    fails_ = sandbox::SandboxError::too_large;
    EXPECT_EQ(fault_of(stored(id)->mail), MailViewFault::unreadable);
    fails_ = sandbox::SandboxError::cannot_start;
    EXPECT_EQ(fault_of(stored(id)->mail), MailViewFault::unavailable);
    fails_ = std::nullopt;
    ASSERT_TRUE(views_.page_of(stored(id)->mail)) << "what failed is not kept";
    {
        const auto connection = f_.connect(store::Access::writer);
        store::erase_object_key(*connection, store::KeyOf::mail, stored(id)->mail->no, f_.at());
    }
    EXPECT_EQ(fault_of(stored(id)->mail), MailViewFault::original_gone) << "erased: not out of memory either";
    const MailViews::Ask never = [](ByteView) -> Result<Bytes, sandbox::SandboxError> { return Bytes{"no answer"}; };
    MailViews liar{f_.context().keyring(), f_.blobs(), never};
    EXPECT_EQ(liar.page_of(stored(plain)->mail).error(), MailViewFault::unreadable);
    MailViews stranger{store::Keyring{Secret{std::string(32, 's')}}, f_.blobs(), never};
    EXPECT_EQ(stranger.page_of(stored(plain)->mail).error(), MailViewFault::original_gone);
}

INSTANTIATE_TEST_SUITE_P(Engines, MailViewsOf, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& info) { return info.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
