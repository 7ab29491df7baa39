// SPDX-License-Identifier: Apache-2.0
// The files of a mail by HTTP: who is told what of them, and who gets them.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "api/api.hpp"
#include "api/json.hpp"
#include "api/schema_check_test.hpp"
#include "base/clock.hpp"
#include "service_fixture.hpp"
#include "store/people_store.hpp"

namespace okpay::api {
namespace {

using okpay::testing::ServiceFixture;
using ::testing::HasSubstr;

class MessageFiles : public ::testing::Test {
protected:
    MessageFiles() {
        const auto connection = f_.connect(store::Access::writer);
        store::insert_session(*connection, view_of(sha256(Bytes(session_token_octets, 'a'))), customers::StaffNo{ana_.no},
                              okpay::now(), okpay::now() + std::chrono::hours{1});
    }
    struct Received {
        std::int64_t mail;
        std::string ticket, message;
        [[nodiscard]] std::string path() const {
            return fmt::format("/api/v1/tickets/{}/messages/{}/files", ticket, message);
        }
        [[nodiscard]] std::string path_of(ByteView content) const {
            return fmt::format("{}/{}", path(), hex_of(view_of(sha256(content))));
        }
    };
    Received receive(std::string_view name, std::string_view content) {
        service::FileMail filing = f_.filing(
            f_.accept(fmt::format("From: li@example.org\r\nSubject: Files\r\nMessage-ID: <{}@example.org>\r\nContent-Type: "
                                  "application/octet-stream; name=\"{}\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n",
                                  ++mails_, name, base64_of(content))));
        Received received{filing.mail, "", filing.message_id};
        received.ticket = f_.done(std::move(filing)).text;
        return received;
    }
    void scanned(const Received& received, ByteView content, std::string state, std::string found = "") {
        f_.done(service::RecordScan{.mail = received.mail,
                                    .engine = "ClamAV 1.4.6",
                                    .reason = "",
                                    .is_final = false,
                                    .files = {{hex_of(view_of(sha256(content))), std::move(state), std::move(found)}}});
    }
    Response get(Api& api, const std::string& target, bool signed_in = true) {
        Request request{.method = Method::get, .message = {}, .path = "", .query = "", .params = {}, .peer = "test"};
        request.message.set("Host", "localhost:8080");
        if (signed_in) request.message.set("Cookie", "okpay_staff=" + base64url_of(Bytes(session_token_octets, 'a')));
        EXPECT_TRUE(set_target(request, target)) << target;
        std::optional<Response> response;
        asio::co_spawn(io_, api.handle(std::move(request)), [&](std::exception_ptr failure, Response answered) {
            EXPECT_FALSE(failure) << target;
            response = std::move(answered);
        });
        io_.restart();
        io_.run();
        return response.value_or(Response{});
    }
    Response get(const std::string& target) { return get(scanning_, target); }
    static std::string code_of(const Response& response) {
        return std::string{json::parse(response.body).at("code").as_string().c_str()};
    }
    static std::string header_of(const Response& response, std::string_view name) {
        for (const auto& [key, value] : response.headers) {
            if (key == name) return value;
        }
        return {};
    }
    json::value first_file(Api& api, const Received& received) {
        const Response found = get(api, received.path());
        EXPECT_EQ(found.status, 200U) << found.body;
        const json::value body = json::parse(found.body);
        EXPECT_EQ(schemas_.fault(body, "MessageFiles"), "");
        return body.at("files").at(0);
    }

    ServiceFixture f_{store::Engine::sqlite};
    okpay::testing::StaffMember ana_ = f_.staff("ana@pay.example");
    int mails_ = 0;
    std::optional<sandbox::SandboxError> fails_;
    asio::io_context io_;
    service::Queries queries_{f_.database(), 2};
    std::shared_ptr<service::MailFiles> files_ =
        std::make_shared<service::MailFiles>(f_.context().keyring(), f_.blobs(),
                                             [this](ByteView request) -> Result<Bytes, sandbox::SandboxError> {
                                                 if (fails_) return fail(*fails_);
                                                 return service::describe_files_in_sandbox(request);
                                             });
    Metrics metrics_;
    EventHub events_{io_.get_executor(), okpay::now()};
    Api scanning_{
        f_.writer(), queries_, events_, metrics_,
        ApiOptions{.cookie_secure = false, .web_root = {}, .mail_files = files_, .scans_files = true, .read_threads = 2}};
    Metrics other_metrics_;
    Api without_scanner_{f_.writer(), queries_, events_, other_metrics_,
                         ApiOptions{.cookie_secure = false, .web_root = {}, .mail_files = files_, .read_threads = 2}};
    test::SchemaCheck schemas_;
};

TEST_F(MessageFiles, that_are_harmless_are_handed_out_as_octets_once_they_are_clean) {
    const std::string pdf = "%PDF-1.7 words";
    const Received mail = receive("résumé 1.pdf", pdf);
    json::value file = first_file(scanning_, mail);
    EXPECT_EQ(file.at("type"), "pdf");
    EXPECT_EQ(file.at("scan"), "unscanned");
    EXPECT_EQ(file.at("warn"), true) << "nobody has looked yet";
    EXPECT_EQ(file.at("downloadable"), true);
    EXPECT_EQ(first_file(without_scanner_, mail).at("warn"), false) << "nobody will look";
    EXPECT_EQ(code_of(get(mail.path_of(pdf))), "file_needs_warning");
    EXPECT_EQ(get(mail.path_of(pdf) + "?warned=true").body, pdf);
    EXPECT_EQ(get(without_scanner_, mail.path_of(pdf)).body, pdf);
    scanned(mail, pdf, "clean");
    EXPECT_EQ(first_file(scanning_, mail).at("warn"), false);
    const Response taken = get(mail.path_of(pdf));
    ASSERT_EQ(taken.status, 200U);
    EXPECT_EQ(taken.body, pdf);
    EXPECT_EQ(taken.content_type, "application/octet-stream") << "whatever the sender or the content says";
    EXPECT_THAT(header_of(taken, "Content-Disposition"), HasSubstr("attachment; filename=\""));
    EXPECT_THAT(header_of(taken, "Content-Disposition"), HasSubstr("filename*=UTF-8''r%C3%A9sum%C3%A9%201.pdf"));
    EXPECT_THAT(header_of(taken, "Content-Security-Policy"), HasSubstr("sandbox"));
    EXPECT_EQ(header_of(taken, "Cache-Control"), "no-store");
}

TEST_F(MessageFiles, that_are_infected_are_never_handed_out) {
    const std::string bad = "MZ bad";
    const Received mail = receive("setup.exe", bad);
    scanned(mail, bad, "infected", "Win.Test-1");
    const json::value file = first_file(scanning_, mail);
    EXPECT_EQ(file.at("downloadable"), false);
    EXPECT_EQ(file.at("found"), "Win.Test-1");
    for (Api* api : {&scanning_, &without_scanner_}) {
        for (const char* how : {"", "?warned=true"}) {
            const Response refused = get(*api, mail.path_of(bad) + how);
            EXPECT_EQ(refused.status, 403U);
            EXPECT_EQ(code_of(refused), "file_infected");
            EXPECT_THAT(refused.body, HasSubstr("Win.Test-1"));
        }
    }
    const json::value ticket = json::parse(get("/api/v1/tickets/" + mail.ticket).body);
    EXPECT_EQ(ticket.at("messages").at(0).at("files"), "infected");
}

TEST_F(MessageFiles, that_are_dangerous_are_handed_out_to_who_was_warned) {
    const std::string script = "#!/bin/sh\nrm -rf /\n";
    const Received mail = receive("invoice.pdf.sh", script);
    scanned(mail, script, "clean");
    const json::value file = first_file(scanning_, mail);
    EXPECT_EQ(file.at("risks"), json::parse(R"(["script","double_extension"])"));
    EXPECT_EQ(file.at("warn"), true);
    const Response refused = get(mail.path_of(script));
    EXPECT_EQ(refused.status, 409U);
    EXPECT_EQ(code_of(refused), "file_needs_warning");
    EXPECT_EQ(get(mail.path_of(script) + "?warned=false").status, 409U);
    EXPECT_EQ(get(mail.path_of(script) + "?warned=true").body, script);
}

TEST_F(MessageFiles, are_handed_out_to_who_may_reveal_and_on_record) {
    const std::string pdf = "%PDF-1.7 paid";
    const Received mail = receive("receipt.pdf", pdf);
    scanned(mail, pdf, "clean");
    const auto taken = [&] { return f_.integer("SELECT count(*) FROM audit WHERE action = 'file_taken'"); };
    EXPECT_EQ(get(mail.path()).status, 200U);
    EXPECT_EQ(taken(), 0) << "to look at the list is to take nothing";
    EXPECT_EQ(get(mail.path_of(pdf)).body, pdf);
    EXPECT_EQ(taken(), 1);
    {
        const auto connection = f_.connect(store::Access::writer);
        connection->execute("UPDATE staff SET role = $1 WHERE no = $2", {std::int64_t{2}, ana_.no});
    }
    EXPECT_EQ(get(mail.path()).status, 200U);
    const Response refused = get(mail.path_of(pdf) + "?warned=true");
    EXPECT_EQ(refused.status, 403U);
    EXPECT_EQ(code_of(refused), "not_permitted");
    EXPECT_EQ(taken(), 1);
}

TEST_F(MessageFiles, of_an_archive_are_hidden_where_it_is_a_harmless_office_document_alone) {
    // [Content_Types].xml and run.exe, of two octets each, stored.
    const std::string packed =
        bytes_of_base64(
            "UEsDBBQAAAAAAAAAIVzOOp8IAgAAAAIAAAATAAAAW0NvbnRlbnRfVHlwZXNdLnhtbDxhUEsDBBQAAAAAAAAAIVxdm7CPAgAAAAIA"
            "AAAHAAAAcnVuLmV4ZU1aUEsBAhQDFAAAAAAAAAAhXM46nwgCAAAAAgAAABMAAAAAAAAAAAAAAIABAAAAAFtDb250ZW50X1R5cGVz"
            "XS54bWxQSwECFAMUAAAAAAAAACFcXZuwjwIAAAACAAAABwAAAAAAAAAAAAAAgAEzAAAAcnVuLmV4ZVBLBQYAAAAAAgACAHYAAABa"
            "AAAAAAA=")
            .value();
    const Received dressed = receive("photos.zip", packed);
    const json::value shown = first_file(scanning_, dressed);
    ASSERT_TRUE(shown.at("archive").is_object()) << "whoever packed it chose its entries";
    EXPECT_EQ(shown.at("archive").at("entries").as_array().size(), 2U);
    EXPECT_TRUE(first_file(scanning_, receive("letter.docm", packed)).at("archive").is_null());
}

TEST_F(MessageFiles, say_why_there_are_none) {
    const std::string pdf = "%PDF-1.7";
    const Received mail = receive("a.pdf", pdf);
    const Received other = receive("b.pdf", "%PDF-1.8");
    EXPECT_EQ(code_of(get(scanning_, mail.path(), false)), "not_signed_in");
    EXPECT_EQ(code_of(get(scanning_, mail.path_of(pdf), false)), "not_signed_in");
    EXPECT_EQ(code_of(get(Received{0, other.ticket, mail.message}.path())), "not_found") << "of another request";
    EXPECT_EQ(code_of(get(Received{0, mail.ticket, "x"}.path())), "not_found");
    EXPECT_EQ(code_of(get(mail.path() + "/zz")), "not_found");
    EXPECT_EQ(code_of(get(mail.path_of("%PDF-1.8") + "?warned=true")), "not_found") << "of another mail";
    const std::string note = f_.fresh<MessageId>().text();
    f_.done(service::AddNote{.ticket = mail.ticket, .message_id = note, .text = "Looks odd."}, ana_.actor());
    EXPECT_EQ(code_of(get(Received{0, mail.ticket, note}.path())), "not_a_mail");
    // Of a mail whose list nobody has asked for: what was listed once is remembered.
    fails_ = sandbox::SandboxError::crashed;
    const Response unreadable = get(other.path());
    EXPECT_EQ(unreadable.status, 422U);
    EXPECT_EQ(code_of(unreadable), "files_unreadable");
    fails_ = sandbox::SandboxError::cannot_start;
    EXPECT_EQ(get(other.path()).status, 503U);
    fails_ = std::nullopt;
    EXPECT_EQ(get(other.path()).status, 200U);
}

}  // namespace
}  // namespace okpay::api
