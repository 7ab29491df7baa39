// SPDX-License-Identifier: Apache-2.0
// The English training text and the sets that only count stay apart: they share no rare run of four words. A word is worth
// log2(lines / lines with it) over the training text; a run whose words are worth `rare_bits` together is rare, as "wants
// six digits from" is and "at the end of" is not. What tells the same story in other words this does not see.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "base/text.hpp"

namespace okpay::triage {
namespace {

constexpr std::size_t run_words = 4;
constexpr double rare_bits = 22;
using Words = std::vector<std::string>;

bool is_in_word(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '\'' || c == '{' || c == '}'; }

Words words_of(std::string_view text) {
    Words words;
    std::string word;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        const bool line_end = text.substr(i).starts_with("\\n");
        char c = i < text.size() && !line_end ? text[i] : ' ';
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (is_in_word(c)) {
            word += c;
        } else if (!word.empty()) {
            words.push_back(std::exchange(word, {}));
        }
        if (line_end) ++i;
    }
    return words;
}

void add_runs(const Words& words, std::set<Words>& runs) {
    for (std::size_t i = 0; i + run_words <= words.size(); ++i)
        runs.emplace(words.begin() + static_cast<std::ptrdiff_t>(i),
                     words.begin() + static_cast<std::ptrdiff_t>(i + run_words));
}

// Of every choice that a training line can make (training.hpp): each part goes on from the last words before it.
std::set<Words> runs_of_line(std::string_view line) {
    std::set<Words> runs;
    std::set<Words> before{{}};
    while (!line.empty()) {
        const bool group = line.front() == '(';
        const std::size_t end = std::min(line.find(group ? ')' : '('), line.size());
        const std::string_view part = group ? line.substr(1, end - 1) : line.substr(0, end);
        line.remove_prefix(std::min(line.size(), group ? end + 1 : end));
        std::set<Words> after;
        for (const std::string_view choice : group ? split(part, '|') : std::vector<std::string_view>{part}) {
            const Words more = words_of(choice);
            for (Words words : before) {
                words.insert(words.end(), more.begin(), more.end());
                add_runs(words, runs);
                if (words.size() >= run_words) words.erase(words.begin(), words.end() - (run_words - 1));
                after.insert(std::move(words));
            }
        }
        before = std::move(after);
    }
    return runs;
}

struct Training {
    std::map<Words, std::string> place_of;  // of a run: "english_wide.txt:12"
    std::map<std::string, int> lines_with;
    int lines = 0;

    void add(std::string_view line, const std::string& place) {
        ++lines;
        std::string plain{line};
        std::ranges::replace_if(plain, [](char c) { return c == '(' || c == ')' || c == '|'; }, ' ');
        const Words words = words_of(plain);
        for (const std::string& word : std::set<std::string>(words.begin(), words.end())) ++lines_with[word];
        for (const Words& run : runs_of_line(line)) place_of.emplace(run, place);
    }

    [[nodiscard]] bool is_rare(const Words& run) const {
        double bits = 0;
        for (const std::string& word : run) bits += std::log2(double{1} * lines / lines_with.at(word));
        return bits >= rare_bits;
    }

    [[nodiscard]] std::vector<std::string> shared_with(std::string_view text) const {
        std::set<Words> runs;
        add_runs(words_of(text), runs);
        std::vector<std::string> places;
        for (const Words& run : runs) {
            const auto known = place_of.find(run);
            if (known != place_of.end() && is_rare(run)) places.push_back(known->second);
        }
        return places;
    }
};

const Training& english_training() {
    static const Training training = [] {
        Training all;
        for (const auto& entry :
             std::filesystem::directory_iterator{std::string{OKPAY_SOURCE_DIR} + "/src/triage/training"}) {
            const std::string name = entry.path().filename();
            if (!name.starts_with("english_")) continue;
            std::ifstream file{entry.path()};
            int number = 0;
            for (std::string line; std::getline(file, line);) {
                ++number;
                if (!line.empty() && line.front() != '#' && line.front() != '=')
                    all.add(line, name + ":" + std::to_string(number));
            }
        }
        return all;
    }();
    return training;
}

TEST(TriageApart, a_rare_run_of_words_is_seen_through_choices_and_a_common_one_is_not) {
    Training training;
    for (int i = 0; i < 1000; ++i) training.add("I would like to know it", "common:" + std::to_string(i));
    training.add("Stuck\\n(The |My )parrot (ate|swallowed) (the|a) (voucher|coin) {date}", "parrot:1");
    EXPECT_EQ(training.shared_with("Yesterday my parrot swallowed a big coin"), std::vector<std::string>{"parrot:1"});
    EXPECT_EQ(training.shared_with("parrot ATE the\\ncoin"), std::vector<std::string>{"parrot:1"});
    EXPECT_TRUE(training.shared_with("my parrot found a coin, I would like to know it").empty());
}

TEST(TriageApart, what_only_counts_shares_no_rare_words_with_the_training_text) {
    const Training& training = english_training();
    ASSERT_GE(training.lines, 1000);
    for (const std::string name : {"letters_sealed.tsv", "held_out.tsv", "inbox_en_sealed.tsv"}) {
        std::ifstream file{std::string{OKPAY_SOURCE_DIR} + "/tests/corpora/triage/" + name};
        int number = 0;
        int letters = 0;
        for (std::string line; std::getline(file, line);) {
            ++number;
            if (!line.starts_with("en\t")) continue;
            ++letters;
            const auto fields = split(line, '\t');
            const std::string text = std::string{fields[fields.size() - 2]} + " " + std::string{fields.back()};
            for (const std::string& place : training.shared_with(text)) {
                ADD_FAILURE() << name << ":" << number << " shares a rare run of four words with " << place
                              << ": take that line out of the training text";
            }
        }
        EXPECT_GE(letters, 15) << name;
    }
}

}  // namespace
}  // namespace okpay::triage
