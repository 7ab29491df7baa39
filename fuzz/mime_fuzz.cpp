// SPDX-License-Identifier: Apache-2.0
// Any octets: a mail is read, HTML made text and secrets masked without a fault, within the promises of the headers;
// what was read survives the codec; and the octets as a codec's input are refused or read, never overrun.
#include <cstddef>
#include <cstdint>

#include "base/ensure.hpp"
#include "base/text.hpp"
#include "content/html_text.hpp"
#include "content/mask.hpp"
#include "mail/automatic.hpp"
#include "mail/codec.hpp"
#include "mail/message.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace okpay;
    const ByteView raw{reinterpret_cast<const char*>(data), size};
    const mail::ParseOptions options{.text_of_html = [](std::string_view html) {
        content::HtmlText made = content::text_of_html(html);
        return mail::HtmlAsText{std::move(made.text), made.hidden_found};
    }};
    const mail::ParsedMail parsed = mail::parse(raw, options);
    for (const std::string* text :
         {&parsed.subject, &parsed.text, &parsed.new_text, &parsed.quoted_text, &parsed.forwarded_text}) {
        ensure(is_utf8(*text) && text->find('\0') == std::string::npos);
    }
    ensure(mail::decode(mail::encode(parsed)) == parsed);
    ensure(is_utf8(content::mask_secrets(parsed.text).text));
    mail::is_automatic(parsed, std::nullopt);
    mail::decode(raw);
    return 0;
}
