// SPDX-License-Identifier: Apache-2.0
#include "service/mail_screens.hpp"

#include <spdlog/spdlog.h>

#include <utility>

#include "mail/message.hpp"
#include "pictures/words.hpp"

namespace okpay::service {
namespace {

constexpr char version = 1;
constexpr std::size_t words_octets_max = screens_read_max * (pictures::text_octets_max + 1);

}  // namespace

Bytes read_screens_in_sandbox(ByteView raw) {
    std::string words;
    std::size_t read = 0;
    mail::each_file(raw, {}, [&](const mail::Attachment&, ByteView content) {
        if (read == screens_read_max || !pictures::head_of(content)) return;
        ++read;
        if (const auto found = pictures::words_on(content); found && !found->empty()) words += *found + "\n";
    });
    Bytes answer(1, version);
    append_text(answer, words);
    return answer;
}

void warm_up_screens_sandbox() {
    mail::warm_up();
    if (!pictures::warm_up_words())
        spdlog::warn("pictures of mails are not read: install tesseract-ocr-eng, -chi-sim, -chi-tra");
}

sandbox::ChildOptions screens_child() {
    // One thread: Tesseract's own are refused by the lock-down.
    return {.arguments = {std::string{screens_child_argument}}, .environment = {"OMP_THREAD_LIMIT=1"}};
}

std::optional<std::string> screens_answer(ByteView octets) {
    if (!octets.starts_with(version)) return std::nullopt;
    AnswerReader read{octets.substr(1)};
    std::string words = read.text(words_octets_max);
    if (!read.finished_well()) return std::nullopt;
    return words;
}

std::string words_on_pictures(const AskChild& ask, ByteView raw) {
    const auto answer = ask(raw);
    if (!answer) {
        spdlog::warn("the pictures of a mail ended the sandbox that reads them, or took too long: they are not read");
        return {};
    }
    return screens_answer(*answer).value_or(std::string{});
}

ScreenReader::ScreenReader(AskChild ask) : ask_{std::move(ask)}, thread_{[this] { run(); }} {}

ScreenReader::~ScreenReader() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void ScreenReader::read(Bytes raw, Then then) {
    {
        const std::lock_guard lock{mutex_};
        if (waiting_.size() < screens_waiting_max && waiting_octets_ + raw.size() <= screens_waiting_octets_max) {
            waiting_octets_ += raw.size();
            waiting_.push_back({std::move(raw), std::move(then)});
            wake_.notify_one();
            return;
        }
    }
    spdlog::info("too many mails with pictures wait: those of one are not read");
    then({});
}

void ScreenReader::run() {
    while (true) {
        Waiting next;
        {
            std::unique_lock lock{mutex_};
            wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
            if (stopping_) return;
            next = std::move(waiting_.front());
            waiting_.pop_front();
            waiting_octets_ -= next.raw.size();
        }
        next.then(words_on_pictures(ask_, next.raw));
    }
}

}  // namespace okpay::service
