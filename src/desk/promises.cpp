// SPDX-License-Identifier: Apache-2.0
#include "desk/promises.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <span>

#include "base/text.hpp"
#include "desk/promise_cursor.hpp"

namespace okpay::desk {
namespace {

enum class Cue : std::uint8_t { neutral, ours, hoped, yours, past, refused, general, condition };
struct CueWord {
    std::string_view text;  // small letters; whole words where it is of letters
    Cue cue;
};

// Of those that begin at one place the longest counts.
constexpr std::array cue_words{
    CueWord{"will", Cue::ours}, CueWord{"'ll", Cue::ours}, CueWord{"’ll", Cue::ours}, CueWord{"shall", Cue::ours},
    CueWord{"going to", Cue::ours}, CueWord{"promise", Cue::ours}, CueWord{"guarantee", Cue::ours},
    CueWord{"commit to", Cue::ours}, CueWord{"you can expect", Cue::ours}, CueWord{"expect an answer", Cue::ours},
    CueWord{"expect a reply", Cue::ours}, CueWord{"expect our", Cue::ours}, CueWord{"aim to", Cue::hoped},
    CueWord{"try to", Cue::hoped}, CueWord{"hope to", Cue::hoped}, CueWord{"will try", Cue::hoped},
    CueWord{"'ll try", Cue::hoped}, CueWord{"will aim", Cue::hoped}, CueWord{"will do our best", Cue::hoped},
    CueWord{"will do my best", Cue::hoped}, CueWord{"plan to", Cue::hoped}, CueWord{"intend to", Cue::hoped},
    CueWord{"should", Cue::hoped}, CueWord{"might", Cue::hoped}, CueWord{"may", Cue::hoped},
    CueWord{"expect to", Cue::hoped}, CueWord{"is expected", Cue::hoped}, CueWord{"probably", Cue::hoped},
    CueWord{"will probably", Cue::hoped}, CueWord{"will likely", Cue::hoped}, CueWord{"you should receive", Cue::hoped},
    CueWord{"you should see", Cue::hoped}, CueWord{"you should get", Cue::hoped}, CueWord{"you should have", Cue::hoped},
    CueWord{"you should hear", Cue::hoped}, CueWord{"please rest assured", Cue::neutral},
    CueWord{"please be assured", Cue::neutral}, CueWord{"please note", Cue::neutral},
    CueWord{"please bear with", Cue::neutral}, CueWord{"please accept our", Cue::neutral}, CueWord{"please", Cue::yours},
    CueWord{"kindly", Cue::yours}, CueWord{"you need", Cue::yours}, CueWord{"you must", Cue::yours},
    CueWord{"you have to", Cue::yours}, CueWord{"you should", Cue::yours}, CueWord{"you can", Cue::yours},
    CueWord{"you may", Cue::yours}, CueWord{"you could", Cue::yours}, CueWord{"you will need", Cue::yours},
    CueWord{"you'll need", Cue::yours}, CueWord{"you will have to", Cue::yours}, CueWord{"you'll have to", Cue::yours},
    CueWord{"we need", Cue::yours}, CueWord{"we will need", Cue::yours}, CueWord{"we'll need", Cue::yours},
    CueWord{"we ask", Cue::yours}, CueWord{"make sure", Cue::yours}, CueWord{"be sure to", Cue::yours},
    CueWord{"send us", Cue::yours}, CueWord{"let us know", Cue::yours}, CueWord{"reply to us", Cue::yours},
    CueWord{"valid", Cue::yours}, CueWord{"expires", Cue::yours}, CueWord{"expire", Cue::yours},
    CueWord{"will expire", Cue::yours}, CueWord{"deadline", Cue::yours}, CueWord{"offer", Cue::yours},
    CueWord{"required", Cue::yours}, CueWord{"has to be", Cue::yours}, CueWord{"must be", Cue::yours},
    CueWord{"your bank will", Cue::hoped}, CueWord{"the bank will", Cue::hoped}, CueWord{"wrote", Cue::past},
    CueWord{"was", Cue::past}, CueWord{"were", Cue::past}, CueWord{"had", Cue::past}, CueWord{"did", Cue::past},
    CueWord{"sent", Cue::past}, CueWord{"paid", Cue::past}, CueWord{"made", Cue::past}, CueWord{"received", Cue::past},
    CueWord{"said", Cue::past}, CueWord{"asked", Cue::past}, CueWord{"told", Cue::past}, CueWord{"called", Cue::past},
    CueWord{"reported", Cue::past}, CueWord{"promised", Cue::past}, CueWord{"opened", Cue::past},
    CueWord{"happened", Cue::past}, CueWord{"tried", Cue::past}, CueWord{"been", Cue::past},
    CueWord{"could have", Cue::past}, CueWord{"would have", Cue::past}, CueWord{"should have been", Cue::past},
    CueWord{"you could have", Cue::past}, CueWord{"you should have been", Cue::past}, CueWord{"yesterday", Cue::past},
    CueWord{"will not", Cue::refused}, CueWord{"won't", Cue::refused}, CueWord{"won’t", Cue::refused},
    CueWord{"cannot", Cue::refused}, CueWord{"can not", Cue::refused}, CueWord{"can't", Cue::refused},
    CueWord{"can’t", Cue::refused}, CueWord{"unable", Cue::refused}, CueWord{"not able", Cue::refused},
    CueWord{"do not", Cue::refused}, CueWord{"don't", Cue::refused}, CueWord{"don’t", Cue::refused},
    CueWord{"not possible", Cue::refused}, CueWord{"not promise", Cue::refused}, CueWord{"no guarantee", Cue::refused},
    CueWord{"will be unable", Cue::refused}, CueWord{"will not be able", Cue::refused}, CueWord{"never", Cue::refused},
    CueWord{"usually", Cue::general}, CueWord{"normally", Cue::general}, CueWord{"typically", Cue::general},
    CueWord{"generally", Cue::general}, CueWord{"as a rule", Cue::general}, CueWord{"in most cases", Cue::general},
    CueWord{"will usually", Cue::general}, CueWord{"will normally", Cue::general}, CueWord{"will typically", Cue::general},
    CueWord{"if", Cue::condition}, CueWord{"once", Cue::condition}, CueWord{"unless", Cue::condition},
    CueWord{"when", Cue::condition}, CueWord{"as soon as", Cue::condition}, CueWord{"provided", Cue::condition},
    CueWord{"after you", Cue::condition}, CueWord{"after we", Cue::condition}, CueWord{"in case", Cue::condition},
    // Chinese
    CueWord{"我们会", Cue::ours}, CueWord{"我們會", Cue::ours}, CueWord{"会", Cue::ours}, CueWord{"會", Cue::ours},
    CueWord{"将", Cue::ours}, CueWord{"將", Cue::ours}, CueWord{"保证", Cue::ours}, CueWord{"保證", Cue::ours},
    CueWord{"承诺", Cue::ours}, CueWord{"承諾", Cue::ours}, CueWord{"一定", Cue::ours}, CueWord{"给您", Cue::ours},
    CueWord{"給您", Cue::ours}, CueWord{"为您", Cue::ours}, CueWord{"為您", Cue::ours}, CueWord{"向您", Cue::ours},
    CueWord{"回复您", Cue::ours}, CueWord{"回覆您", Cue::ours}, CueWord{"答复您", Cue::ours}, CueWord{"答覆您", Cue::ours},
    CueWord{"联系您", Cue::ours}, CueWord{"聯絡您", Cue::ours}, CueWord{"聯繫您", Cue::ours}, CueWord{"通知您", Cue::ours},
    CueWord{"告知您", Cue::ours}, CueWord{"到账", Cue::ours}, CueWord{"到帳", Cue::ours}, CueWord{"退还", Cue::ours},
    CueWord{"退還", Cue::ours}, CueWord{"退款给", Cue::ours}, CueWord{"处理完", Cue::ours}, CueWord{"處理完", Cue::ours},
    CueWord{"会员", Cue::neutral}, CueWord{"會員", Cue::neutral}, CueWord{"机会", Cue::neutral},
    CueWord{"機會", Cue::neutral}, CueWord{"请放心", Cue::neutral}, CueWord{"請放心", Cue::neutral},
    CueWord{"请您放心", Cue::neutral}, CueWord{"请耐心等", Cue::neutral}, CueWord{"請耐心等", Cue::neutral},
    CueWord{"请您耐心等", Cue::neutral}, CueWord{"请知悉", Cue::neutral}, CueWord{"请稍", Cue::neutral},
    CueWord{"请您稍", Cue::neutral}, CueWord{"申请", Cue::neutral}, CueWord{"申請", Cue::neutral},
    CueWord{"请求", Cue::neutral}, CueWord{"請求", Cue::neutral}, CueWord{"争取", Cue::hoped}, CueWord{"爭取", Cue::hoped},
    CueWord{"尽量", Cue::hoped}, CueWord{"盡量", Cue::hoped}, CueWord{"尽力", Cue::hoped}, CueWord{"盡力", Cue::hoped},
    CueWord{"预计", Cue::hoped}, CueWord{"預計", Cue::hoped}, CueWord{"大概", Cue::hoped}, CueWord{"可能", Cue::hoped},
    CueWord{"应该", Cue::hoped}, CueWord{"應該", Cue::hoped}, CueWord{"希望", Cue::hoped}, CueWord{"力争", Cue::hoped},
    CueWord{"可能会", Cue::hoped}, CueWord{"应该会", Cue::hoped}, CueWord{"会尽量", Cue::hoped},
    CueWord{"会争取", Cue::hoped}, CueWord{"将尽量", Cue::hoped}, CueWord{"请", Cue::yours}, CueWord{"請", Cue::yours},
    CueWord{"麻烦您", Cue::yours}, CueWord{"麻煩您", Cue::yours}, CueWord{"您需", Cue::yours}, CueWord{"需要您", Cue::yours},
    CueWord{"您可", Cue::yours}, CueWord{"务必", Cue::yours}, CueWord{"務必", Cue::yours}, CueWord{"有效", Cue::yours},
    CueWord{"截止", Cue::yours}, CueWord{"您应", Cue::yours}, CueWord{"须", Cue::yours}, CueWord{"曾", Cue::past},
    CueWord{"已", Cue::past}, CueWord{"您说", Cue::past}, CueWord{"您提到", Cue::past}, CueWord{"您写", Cue::past},
    CueWord{"来信", Cue::past}, CueWord{"當時", Cue::past}, CueWord{"当时", Cue::past}, CueWord{"本来", Cue::past},
    CueWord{"本可", Cue::past}, CueWord{"本应", Cue::past}, CueWord{"原本", Cue::past}, CueWord{"昨天", Cue::past},
    CueWord{"您付", Cue::past}, CueWord{"不会", Cue::refused}, CueWord{"不會", Cue::refused}, CueWord{"无法", Cue::refused},
    CueWord{"無法", Cue::refused}, CueWord{"不能", Cue::refused}, CueWord{"将不", Cue::refused},
    CueWord{"将无法", Cue::refused}, CueWord{"不保证", Cue::refused}, CueWord{"不承诺", Cue::refused},
    CueWord{"未能", Cue::refused}, CueWord{"不可能", Cue::refused}, CueWord{"没法", Cue::refused},
    CueWord{"一般", Cue::general}, CueWord{"通常", Cue::general}, CueWord{"正常", Cue::general},
    CueWord{"一般会", Cue::general}, CueWord{"通常会", Cue::general}, CueWord{"如果", Cue::condition},
    CueWord{"若", Cue::condition}, CueWord{"一旦", Cue::condition}, CueWord{"假如", Cue::condition},
    CueWord{"如您", Cue::condition}, CueWord{"如需", Cue::condition}, CueWord{"如有", Cue::condition},
    CueWord{"如未", Cue::condition}, CueWord{"如仍", Cue::condition}, CueWord{"收到后", Cue::condition},
    CueWord{"收到后，", Cue::condition}};

struct CueAt {
    std::size_t at;
    Cue cue;
};

bool starts_word(const Cursor& in, std::string_view word) {
    if (!in.rest().starts_with(word)) return false;
    return !is_small_letter(word.back()) || !in.inside_word(in.at + word.size());
}

std::vector<CueAt> cues_in(std::string_view text) {
    std::vector<CueAt> found;
    Cursor in{.text = text};
    while (in.at < text.size()) {
        const CueWord* longest = nullptr;
        const bool mid_word = is_small_letter(text[in.at]) && in.inside_word(in.at);
        if (!mid_word && (is_small_letter(text[in.at]) || text[in.at] == '\'' || (text[in.at] & 0x80) != 0)) {
            for (const CueWord& word : cue_words) {
                if (starts_word(in, word.text) && (longest == nullptr || word.text.size() > longest->text.size()))
                    longest = &word;
            }
        }
        if (longest == nullptr) {
            ++in.at;
            continue;
        }
        if (longest->cue != Cue::neutral) found.push_back({in.at, longest->cue});
        in.at += longest->text.size();
    }
    return found;
}

// --- Pieces of a text -------------------------------------------------------------------------------------------------
struct Piece {
    std::size_t begin, end;
    [[nodiscard]] bool has(std::size_t at) const { return begin <= at && at < end; }
};

bool ends_sentence(std::string_view text, std::size_t at) {
    if (text[at] == '.') {  // not the one of "p.m." or "12.50"
        return at + 1 == text.size() ||
               ((text[at + 1] == ' ' || text[at + 1] == '\n' || text[at + 1] == '\r') && !(at >= 2 && text[at - 2] == '.'));
    }
    if (text[at] == '\n') return at + 1 == text.size() || !is_small_letter(text[at + 1]);  // a line that is merely folded
    if (text[at] == '!' || text[at] == '?') return true;
    const std::string_view rest = text.substr(at);
    return rest.starts_with("。") || rest.starts_with("！") || rest.starts_with("？") || rest.starts_with("；");
}
bool ends_clause(std::string_view text, std::size_t at) {
    const std::string_view rest = text.substr(at);
    return text[at] == ',' || text[at] == ';' || text[at] == ':' || text[at] == '(' || text[at] == ')' ||
           rest.starts_with("，") || rest.starts_with("：") || rest.starts_with("（") || rest.starts_with("）") ||
           rest.starts_with("—") || rest.starts_with(" - ") || rest.starts_with(" but ") || rest.starts_with(" and we ") ||
           rest.starts_with(" and you ") || rest.starts_with(" and i ") || rest.starts_with(" or we ");
}

template <class Ends>
Piece around(std::string_view text, Piece inside, Piece phrase, Ends ends) {
    Piece piece = inside;
    for (std::size_t at = phrase.begin; at-- > inside.begin;) {
        if (ends(text, at)) {
            piece.begin = at + 1;
            break;
        }
    }
    for (std::size_t at = phrase.end; at < inside.end; ++at) {
        if (ends(text, at)) {
            piece.end = at;
            break;
        }
    }
    return piece;
}

// What others wrote: lines that begin with ">", and what stands in quotation marks on one line.
std::vector<Piece> quoted_pieces(std::string_view text) {
    std::vector<Piece> pieces;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t line_end = std::min(text.find('\n', at), text.size());
        const std::string_view line = text.substr(at, line_end - at);
        if (trimmed(line).starts_with(">")) {
            pieces.push_back({at, line_end});
        } else {
            constexpr std::array<std::pair<std::string_view, std::string_view>, 4> marks{
                {{"\"", "\""}, {"“", "”"}, {"「", "」"}, {"『", "』"}}};
            for (const auto& [opens, closes] : marks) {
                std::size_t open = line.find(opens);
                while (open != std::string_view::npos) {
                    const std::size_t close = line.find(closes, open + opens.size());
                    if (close == std::string_view::npos) break;
                    pieces.push_back({at + open, at + close});
                    open = line.find(opens, close + closes.size());
                }
            }
        }
        at = line_end + 1;
    }
    return pieces;
}

// --- Whose deadline it is -----------------------------------------------------------------------------------------------
// The nearest word before the deadline says it, else the first after it. After "will" the "made" and "sent" are of the
// future; only a mere day may still be of what they tell: "we will see what was sent on Friday".
Cue cue_of(std::span<const CueAt> cues, Piece piece, Piece phrase, bool deadline) {
    Cue nearest = Cue::neutral;
    for (const CueAt& cue : cues) {
        if (!piece.has(cue.at) || phrase.has(cue.at) || cue.cue == Cue::condition) continue;
        if (cue.at > phrase.begin) {
            if (nearest != Cue::neutral) break;
            return cue.cue;
        }
        if (cue.cue == Cue::past && (nearest == Cue::ours || nearest == Cue::hoped)) {
            if (!deadline) nearest = Cue::hoped;
        } else if (nearest != Cue::refused || cue.cue != Cue::ours) {  // "we cannot promise"
            nearest = cue.cue;
        }
    }
    return nearest;
}
bool conditional(std::span<const CueAt> cues, Piece piece) {
    return std::ranges::any_of(cues, [&](CueAt cue) { return piece.has(cue.at) && cue.cue == Cue::condition; });
}

struct Verdict {
    bool promised, sure;
};
Verdict verdict(std::string_view text, std::span<const CueAt> cues, const TimePhrase& time) {
    const Piece phrase{time.begin, time.end};
    const Piece sentence = around(text, {0, text.size()}, phrase, ends_sentence);
    const std::string_view end = text.substr(sentence.end);
    if (end.starts_with("?") || end.starts_with("？")) return {false, false};
    const Piece clause = around(text, sentence, phrase, ends_clause);
    if (conditional(cues, clause) || (time.from_now && conditional(cues, sentence))) return {false, false};
    Cue cue = cue_of(cues, clause, phrase, time.deadline);
    if (cue == Cue::neutral && time.deadline) cue = cue_of(cues, sentence, phrase, true);
    switch (cue) {
    case Cue::ours: return {true, !conditional(cues, sentence)};
    case Cue::hoped: return {true, false};
    case Cue::neutral: return {time.deadline, false};  // "Refund: by Friday noon"
    case Cue::yours:
    case Cue::past:
    case Cue::refused:
    case Cue::general:
    case Cue::condition: return {false, false};
    }
    std::abort();
}

}  // namespace

std::vector<FoundPromise> promises_in(std::string_view original, const TimeContext& context) {
    const std::string text = ascii_lower(original);
    const std::vector<CueAt> cues = cues_in(text);
    const std::vector<Piece> quoted = quoted_pieces(text);
    std::vector<FoundPromise> found;
    for (const TimePhrase& time : time_phrases(text, context)) {
        if (found.size() == promises_max) break;
        if (std::ranges::any_of(quoted, [&](Piece piece) { return piece.has(time.begin); })) continue;
        const Verdict said = verdict(text, cues, time);
        if (!said.promised || std::ranges::find(found, time.due, &FoundPromise::due) != found.end()) continue;
        found.push_back({.begin = time.begin,
                         .end = time.end,
                         .text = std::string{original.substr(time.begin, time.end - time.begin)},
                         .due = time.due,
                         .sure = time.sure && said.sure});
    }
    return found;
}

}  // namespace okpay::desk
