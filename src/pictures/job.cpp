// SPDX-License-Identifier: Apache-2.0
#include "pictures/job.hpp"

namespace okpay::pictures {
namespace {

constexpr std::size_t texts_max = 8;

Bytes fault_answer(PictureFault fault) { return Bytes(1, static_cast<char>(fault)); }

// Nothing where the answer is a fault, which is left in `fault`.
bool is_done(ByteView& answer, PictureFault& fault) {
    fault = PictureFault::unreadable;
    if (answer.empty()) return false;
    const char first = answer.front();
    answer.remove_prefix(1);
    if (first == 0) return true;
    if (first >= static_cast<char>(PictureFault::unknown_type) && first <= static_cast<char>(PictureFault::unreadable)) {
        fault = static_cast<PictureFault>(first);
    }
    return false;
}

std::optional<std::uint32_t> take_u32(ByteView& from) {
    if (from.size() < 4) return std::nullopt;
    const std::uint32_t value = read_u32(from);
    from.remove_prefix(4);
    return value;
}

bool is_our_jpeg(ByteView file, int side) {
    const auto head = head_of(file);
    return head && head->type == PictureType::jpeg && head->width <= side && head->height <= side;
}

}  // namespace

Bytes clean_request(ByteView file, bool read_text) { return (read_text ? "t" : "c") + Bytes{file}; }

Bytes preview_request(ByteView jpeg, std::string_view watermark) {
    Bytes request{"p"};
    append_u32(request, static_cast<std::uint32_t>(watermark.size()));
    return request + Bytes{watermark} + Bytes{jpeg};
}

Bytes do_job(ByteView request, const IsEnough& is_enough) {
    if (request.empty()) return fault_answer(PictureFault::unreadable);
    const char kind = request.front();
    request.remove_prefix(1);
    Bytes answer(1, '\0');
    if (kind == 'p') {
        const auto length = take_u32(request);
        if (!length || *length > request.size()) return fault_answer(PictureFault::unreadable);
        const auto preview = preview_of(request.substr(*length), request.substr(0, *length));
        return preview ? answer + *preview : fault_answer(preview.error());
    }
    if (kind != 'c' && kind != 't') return fault_answer(PictureFault::unreadable);
    const auto clean = clean_picture(request, kind == 't', is_enough);
    if (!clean) return fault_answer(clean.error());
    answer += static_cast<char>(clean->was);
    append_u32(answer, static_cast<std::uint32_t>(clean->width));
    append_u32(answer, static_cast<std::uint32_t>(clean->height));
    append_u32(answer, static_cast<std::uint32_t>(clean->texts.size()));
    for (const std::string& text : clean->texts) {
        append_u32(answer, static_cast<std::uint32_t>(text.size()));
        answer += text;
    }
    return answer + clean->jpeg;
}

Result<CleanPicture, PictureFault> clean_answer(ByteView answer) {
    PictureFault fault{};
    if (!is_done(answer, fault)) return fail(fault);
    if (answer.empty()) return fail(PictureFault::unreadable);
    CleanPicture clean{.jpeg = {}, .was = static_cast<PictureType>(answer.front()), .texts = {}};
    answer.remove_prefix(1);
    const auto width = take_u32(answer), height = take_u32(answer), count = take_u32(answer);
    if (!width || !height || !count || *count > texts_max) return fail(PictureFault::unreadable);
    for (std::uint32_t i = 0; i < *count; ++i) {
        const auto length = take_u32(answer);
        if (!length || *length > answer.size() || *length > text_octets_max) return fail(PictureFault::unreadable);
        clean.texts.emplace_back(answer.substr(0, *length));
        answer.remove_prefix(*length);
    }
    const bool known = clean.was == PictureType::jpeg || clean.was == PictureType::png;
    if (!known || !is_our_jpeg(answer, kept_side_max)) return fail(PictureFault::unreadable);
    clean.jpeg = Bytes{answer};
    clean.width = static_cast<int>(*width);
    clean.height = static_cast<int>(*height);
    return clean;
}

Result<Bytes, PictureFault> preview_answer(ByteView answer) {
    PictureFault fault{};
    if (!is_done(answer, fault)) return fail(fault);
    if (!is_our_jpeg(answer, preview_side_max)) return fail(PictureFault::unreadable);
    return Bytes{answer};
}

}  // namespace okpay::pictures
