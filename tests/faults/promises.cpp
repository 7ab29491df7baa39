// SPDX-License-Identifier: Apache-2.0
#include "promises.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <array>

#include "base/ensure.hpp"

namespace okpay::faults {

struct Promises::Shared {
    struct Text {
        std::size_t at, octets;
    };
    struct Entry {
        Text command, answer;
        Told told;
    };
    std::size_t count;
    std::size_t octets;
    std::size_t reported;
    std::int64_t refusals;
    std::array<Entry, promises_max> entries;
    std::array<char, 64U << 10U> report;
    std::array<char, octets_max> text;

    Text keep(std::string_view words) {
        ensure(octets + words.size() <= octets_max);
        std::ranges::copy(words, text.begin() + static_cast<std::ptrdiff_t>(octets));
        const Text kept{octets, words.size()};
        octets += words.size();
        return kept;
    }
    [[nodiscard]] std::string words(const Text& kept) const { return {text.data() + kept.at, kept.octets}; }
};

Promises::Promises() {
    void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ensure(memory != MAP_FAILED);
    shared_ = static_cast<Shared*>(memory);
}

Promises::~Promises() { munmap(shared_, sizeof(Shared)); }

std::size_t Promises::size() const { return shared_->count; }

std::size_t Promises::add(std::string_view command) {
    ensure(shared_->count < promises_max);
    shared_->entries[shared_->count] = {.command = shared_->keep(command), .answer = {}, .told = Told::unsent};
    return shared_->count++;
}

void Promises::tell(std::size_t index, Told told, std::string_view answer) {
    Shared::Entry& entry = shared_->entries[index];
    entry.answer = shared_->keep(answer);
    entry.told = told;
    if (told == Told::nothing_done) ++shared_->refusals;
}

std::int64_t Promises::refusals() const { return shared_->refusals; }

Promises::Promise Promises::at(std::size_t index) const {
    ensure(index < shared_->count);
    const Shared::Entry& entry = shared_->entries[index];
    return {shared_->words(entry.command), shared_->words(entry.answer), entry.told};
}

Told Promises::told(std::size_t index) const { return shared_->entries[index].told; }

std::vector<Promises::Promise> Promises::all() const {
    std::vector<Promise> promises;
    for (std::size_t i = 0; i < size(); ++i) promises.push_back(at(i));
    return promises;
}

void Promises::restore(const std::vector<Promise>& promises) {
    shared_->count = 0;
    shared_->octets = 0;
    shared_->reported = 0;
    shared_->refusals = 0;
    for (const Promise& promise : promises) tell(add(promise.command), promise.told, promise.answer);
}

void Promises::report(std::string_view sentence) {
    const std::size_t room = shared_->report.size() - shared_->reported;
    if (sentence.size() + 1 > room) return;  // the first say enough
    std::ranges::copy(sentence, shared_->report.begin() + static_cast<std::ptrdiff_t>(shared_->reported));
    shared_->reported += sentence.size();
    shared_->report[shared_->reported++] = '\n';
}

std::string Promises::reported() const { return {shared_->report.data(), shared_->reported}; }

}  // namespace okpay::faults
