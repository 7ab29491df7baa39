// SPDX-License-Identifier: Apache-2.0
#include "mail/impl/part_walk.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "mail/impl/charset.hpp"

namespace okpay::mail {
namespace {

constexpr std::size_t returned_octets_max = 64U << 10U;  // of what a delivery status says

// The bodies between the lines of one boundary, RFC 2046 5.1.1. Stops at `parts_max`.
struct MultipartCut {
    std::vector<ByteView> parts;
    bool closed = false;
    bool truncated = false;
};

MultipartCut cut_multipart(ByteView body, std::string_view boundary, std::size_t parts_max) {
    MultipartCut cut;
    const std::string mark = "--" + std::string{boundary};
    std::size_t part_at = ByteView::npos;
    for (std::size_t at = body.find(mark); at != ByteView::npos; at = body.find(mark, at)) {
        const std::size_t line_at = at;
        at += mark.size();
        if (line_at != 0 && body[line_at - 1] != '\n') continue;
        const bool closes = body.substr(at, 2) == "--";
        std::size_t end = at + (closes ? 2 : 0);
        while (end < body.size() && (body[end] == ' ' || body[end] == '\t' || body[end] == '\r')) ++end;
        if (end < body.size() && body[end] != '\n' && !closes) continue;  // a longer boundary that begins like this one
        if (part_at != ByteView::npos) {
            ByteView part = body.substr(part_at, line_at - std::min(part_at, line_at));
            if (part.ends_with('\n')) part.remove_suffix(1);  // the line end before a boundary belongs to it
            if (part.ends_with('\r')) part.remove_suffix(1);
            cut.parts.push_back(part);
        }
        if (closes) {
            cut.closed = true;
            return cut;
        }
        if (cut.parts.size() >= parts_max) {
            cut.truncated = true;
            return cut;
        }
        part_at = std::min(end + 1, body.size());
        at = part_at;
    }
    if (part_at != ByteView::npos) cut.parts.push_back(body.substr(part_at));
    return cut;
}

// RFC 3676: soft line ends are undone within one quote depth; stuffing is removed.
std::string unflowed(std::string_view text, bool delete_space) {
    std::string result;
    bool first = true, joins = false;
    std::size_t depth_before = 0;
    for (std::string_view line : split(text, '\n')) {
        std::size_t depth = 0;
        while (depth < line.size() && line[depth] == '>') ++depth;
        line.remove_prefix(depth);
        if (line.starts_with(' ')) line.remove_prefix(1);
        const bool signature = line == "-- ";
        if (joins && depth == depth_before && !signature) {
            result += line;
        } else {
            if (!first) result += '\n';
            if (depth > 0) result.append(depth, '>').append(" ");
            result += line;
        }
        joins = line.ends_with(' ') && !signature;
        if (joins && delete_space) result.pop_back();
        depth_before = depth;
        first = false;
    }
    return result;
}

std::string base_name(std::string_view name) {
    if (const auto slash = name.find_last_of("/\\"); slash != std::string_view::npos) name.remove_prefix(slash + 1);
    return std::string{utf8_prefix(name, 255)};
}

void append_block(std::string& to, std::string_view text, std::size_t octets_max) {
    if (trimmed(text).empty()) return;
    if (!to.empty() && !to.ends_with('\n')) to += '\n';
    const std::size_t left = octets_max - std::min(octets_max, to.size());
    to += utf8_prefix(text, left);
}

class Walker {
public:
    Walker(const ParseOptions& options, const OnFile& on_file, const OnHtml& on_html)
        : options_{options}, on_file_{on_file}, on_html_{on_html} {}

    WalkResult walk_mail(const HeaderBlock& header, ByteView body) && {
        result_.text = entity(header, body, {}).text;
        if (result_.text.size() > options_.text_octets_max) {
            result_.truncated = true;
            result_.text.resize(utf8_prefix(result_.text, options_.text_octets_max).size());
        }
        return std::move(result_);
    }

private:
    struct Place {
        std::size_t depth = 0;
        bool in_report = false;
        bool in_digest = false;
        bool in_related = false;
        bool in_embedded = false;
    };
    struct Body {
        std::string text;
        bool from_html = false;
    };

    Body entity(const HeaderBlock& header, ByteView body, Place place) {
        result_.malformed |= header.malformed;
        result_.truncated |= header.truncated;
        if (++parts_ > options_.parts_max || place.depth > options_.depth_max) {
            result_.truncated = true;
            return {};
        }
        ParameterisedValue type = read_parameterised(header.value("content-type"));
        if (type.value.empty()) type.value = place.in_digest ? "message/rfc822" : "text/plain";
        if (type.value.find('/') == std::string::npos) {
            if (type.value != "text") result_.malformed = true;
            type.value = "text/plain";
        }
        if (type.value.starts_with("multipart/")) return multipart(header, type, body, place);
        const ParameterisedValue disposition = read_parameterised(header.value("content-disposition"));
        const bool attached = disposition.value == "attachment";
        const bool mail = type.value == "message/rfc822" || type.value == "message/global";
        if (mail && (!attached || place.in_report)) return embedded(header, type, disposition, body, place);
        return leaf(header, type, disposition, body, place);
    }

    Body multipart(const HeaderBlock& header, const ParameterisedValue& type, ByteView body, Place place) {
        std::string_view boundary = type.parameter("boundary");
        const auto encoding = transfer_encoding_of(header.value("content-transfer-encoding"));
        if (encoding != TransferEncoding::none) result_.malformed = true;  // RFC 2045 6.4 forbids it
        if (boundary.empty() || boundary.size() > 200) {
            result_.malformed = true;
            return plain_text(body, TransferEncoding::none, {});
        }
        const MultipartCut cut = cut_multipart(body, boundary, options_.parts_max);
        result_.truncated |= cut.truncated;
        if (!cut.closed && !cut.truncated) result_.malformed = true;
        if (cut.parts.empty()) return plain_text(body, TransferEncoding::none, {});

        const Place inside{.depth = place.depth + 1,
                           .in_report = place.in_report || type.value == "multipart/report",
                           .in_digest = type.value == "multipart/digest",
                           .in_related = place.in_related || type.value == "multipart/related",
                           .in_embedded = place.in_embedded};
        const bool alternative = type.value == "multipart/alternative";
        Body chosen;
        for (const ByteView part : cut.parts) {
            if (parts_ > options_.parts_max) break;
            const HeaderBlock part_header =
                read_header_block(part, {options_.header_octets_max, options_.header_fields_max});
            Body found = entity(part_header, part.substr(part_header.body_at), inside);
            if (trimmed(found.text).empty()) continue;
            if (!alternative) {
                append_block(chosen.text, found.text, options_.text_octets_max + 1);
                chosen.from_html |= found.from_html;
            } else if (chosen.text.empty() || (chosen.from_html && !found.from_html)) {
                chosen = std::move(found);  // plain text wins, whatever the order
            }
        }
        return chosen;
    }

    // A forwarded mail, or the mail that a bounce returns: its own words go aside, its files are listed with ours.
    Body embedded(const HeaderBlock& header, const ParameterisedValue& type, const ParameterisedValue& disposition,
                  ByteView body, Place place) {
        const auto encoding = transfer_encoding_of(header.value("content-transfer-encoding"));
        Bytes decoded;
        if (encoding != TransferEncoding::none) {
            decoded = decode_transfer(body, encoding);
            body = decoded;
        }
        const HeaderBlock inner = read_header_block(body, {options_.header_octets_max, options_.header_fields_max});
        note_returned(inner);
        const std::string subject = header_text(inner, "subject");
        std::string block;
        const auto line = [&](std::string_view label, std::string_view name) {
            const std::string value = header_text(inner, name);
            if (!value.empty()) block.append(label).append(": ").append(value).append("\n");
        };
        line("From", "from");
        line("Date", "date");
        line("To", "to");
        line("Subject", "subject");
        if (place.in_report) line("Message-ID", "message-id");
        if (!place.in_report) {
            std::string name{file_name(type, disposition)};
            if (name.empty()) name = (subject.empty() ? std::string{"message"} : base_name(subject)) + ".eml";
            list(header, type.value, std::move(name), disposition, body);
        }
        const Place inside{.depth = place.depth + 1, .in_report = place.in_report, .in_embedded = true};
        const Body text = entity(inner, body.substr(inner.body_at), inside);
        std::string& to = place.in_report ? result_.returned_text : result_.forwarded_text;
        block.append("\n").append(text.text);
        if (to.size() + block.size() > options_.text_octets_max) result_.truncated = true;
        append_block(to, block, options_.text_octets_max);
        return {};
    }

    Body leaf(const HeaderBlock& header, const ParameterisedValue& type, const ParameterisedValue& disposition,
              ByteView body, Place place) {
        const auto encoding = transfer_encoding_of(header.value("content-transfer-encoding"));
        const std::string_view name = file_name(type, disposition);
        const bool file = disposition.value == "attachment" || !name.empty();
        if (!file && type.value == "text/plain") return plain_text(body, encoding, type);
        if (!file && type.value == "text/html") return html_text(body, encoding, type, place);
        if (place.in_report &&
            (type.value == "message/delivery-status" || type.value == "text/rfc822-headers" ||
             type.value == "message/disposition-notification" || type.value == "message/feedback-report")) {
            const Body report = plain_text(body, encoding, {});  // what a bounce says is no file
            if (type.value == "message/delivery-status") note_delivery_status(report.text);
            if (type.value != "text/rfc822-headers") return report;
            note_returned(read_header_block(report.text, {options_.header_octets_max, options_.header_fields_max}));
            append_block(result_.returned_text, report.text, options_.text_octets_max);
            return {};
        }
        const Bytes content = decode_transfer(body, encoding);
        if (content.empty() && name.empty()) return {};
        // Some mail systems hand back as files what belongs into a report.
        if (type.value == "message/delivery-status") note_delivery_status(text_of(body, encoding, {}, returned_octets_max));
        if (type.value == "message/rfc822" || type.value == "text/rfc822-headers")
            note_returned(read_header_block(content, {options_.header_octets_max, options_.header_fields_max}));
        list(header, type.value, std::string{name}, disposition, content, place.in_related);
        return {};
    }

    void note_delivery_status(std::string_view text) {
        append_block(result_.bounce.delivery_status, text, returned_octets_max);
        result_.bounce.delivery_status += "\n\n";  // a part ends a group of fields
    }

    void note_returned(const HeaderBlock& returned) {
        if (result_.bounce.returned_ids.size() >= returned_ids_max) return;
        auto ids = read_message_ids(returned.value("message-id"), 1);
        if (!ids.empty()) result_.bounce.returned_ids.push_back(clean_line(to_utf8_lossy(ids.front())));
    }

    Body plain_text(ByteView body, TransferEncoding encoding, const ParameterisedValue& type) {
        if (!type.value.empty() && equal_ignoring_ascii_case(type.parameter("format"), "flowed")) {
            const bool delete_space = equal_ignoring_ascii_case(type.parameter("delsp"), "yes");
            return {unflowed(text_of(body, encoding, type, options_.text_octets_max), delete_space), false};
        }
        return {text_of(body, encoding, type, options_.text_octets_max), false};
    }

    Body html_text(ByteView body, TransferEncoding encoding, const ParameterisedValue& type, Place place) {
        const bool wanted = options_.text_of_html || (on_html_ && !place.in_embedded);
        if (!wanted || html_octets_ >= options_.html_octets_max) {
            result_.truncated |= html_octets_ >= options_.html_octets_max;
            return {{}, true};
        }
        const std::string html = text_of(body, encoding, type, options_.html_octets_max - html_octets_);
        html_octets_ += html.size();
        if (on_html_ && !place.in_embedded) on_html_(html);
        if (!options_.text_of_html) return {{}, true};
        HtmlAsText made = options_.text_of_html(html);
        result_.hidden_html |= made.hidden_found;
        return {clean_text(to_utf8_lossy(made.text)), true};
    }

    std::string text_of(ByteView body, TransferEncoding encoding, const ParameterisedValue& type, std::size_t octets_max) {
        const std::size_t encoded_max = octets_max * 4;  // quoted-printable takes three octets for one, and line ends
        if (body.size() > encoded_max) {
            result_.truncated = true;
            body = body.substr(0, encoded_max);
        }
        Bytes bytes = decode_transfer(body, encoding);
        if (bytes.size() > octets_max) {
            result_.truncated = true;
            bytes.resize(octets_max);
        }
        std::string_view charset = type.parameter("charset");
        if (charset.empty() && type.value == "text/html") charset = charset_of_meta(bytes);
        DecodedText decoded = decode_charset(bytes, charset);
        const bool merely_unlabelled = charset.empty() && is_utf8(bytes);
        result_.charset_repaired |= decoded.repaired && !merely_unlabelled;
        if (bytes.find('\0') != Bytes::npos && decoded.text.find('\0') != std::string::npos) result_.malformed = true;
        return clean_text(decoded.text);
    }

    static std::string_view charset_of_meta(std::string_view html) {
        html = html.substr(0, 2'048);
        const auto at = html.find("charset=");
        if (at == std::string_view::npos) return {};
        std::string_view rest = html.substr(at + 8);
        while (rest.starts_with('"') || rest.starts_with('\'')) rest.remove_prefix(1);
        return rest.substr(0, std::min(rest.find_first_of("\"'>; /"), rest.size()));
    }

    static std::string_view file_name(const ParameterisedValue& type, const ParameterisedValue& disposition) {
        const std::string_view name = disposition.parameter("filename");
        return name.empty() ? type.parameter("name") : name;
    }

    std::string header_text(const HeaderBlock& header, std::string_view name) {
        const ByteView value = header.value(name);
        const DecodedHeader decoded = decode_header(value.substr(0, 4'096));
        result_.charset_repaired |= decoded.charset_repaired;
        return decoded.text;
    }

    void list(const HeaderBlock& header, const std::string& type, std::string name, const ParameterisedValue& disposition,
              ByteView content, bool related = false) {
        const auto ids = read_message_ids(header.value("content-id"), 1);
        Attachment attachment{.name = base_name(name),
                              .declared_type = clean_line(to_utf8_lossy(utf8_prefix(type, 128))),
                              .size_octets = content.size(),
                              .sha256 = sha256(content),
                              .is_inline = disposition.value == "inline" || (related && disposition.value.empty()),
                              .content_id = ids.empty() ? std::string{} : clean_line(ids.front())};
        on_file_(std::move(attachment), content);
    }

    const ParseOptions& options_;
    const OnFile& on_file_;
    const OnHtml& on_html_;
    WalkResult result_;
    std::size_t parts_ = 0;
    std::size_t html_octets_ = 0;
};

}  // namespace

WalkResult walk(const HeaderBlock& header, ByteView body, const ParseOptions& options, const OnFile& on_file,
                const OnHtml& on_html) {
    return Walker{options, on_file, on_html}.walk_mail(header, body);
}

}  // namespace okpay::mail
