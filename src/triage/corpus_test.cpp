// SPDX-License-Identifier: Apache-2.0
// Our own labelled messages (tests/corpora/triage), read whole. `development.tsv` was in view while the lexicon was
// written, `held_out.tsv` came after it and is only counted, so its figures are the ones to believe. A bar per field keeps
// them.
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include "base/text.hpp"
#include "triage/read.hpp"

namespace okpay::triage {
namespace {

struct Sample {
    std::string language, category, urgency, route, missing, amounts, times, flags, subject, text;
};

std::vector<Sample> samples_of(const std::string& path) {
    std::ifstream file{path};
    std::vector<Sample> samples;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with('#') || line.empty()) continue;
        std::vector<std::string> fields;
        for (const std::string_view field : split(line, '\t'))
            fields.emplace_back(field == "-" ? std::string_view{} : field);
        EXPECT_EQ(fields.size(), 10U) << line;
        if (fields.size() != 10) continue;
        std::string text;
        for (std::size_t i = 0; i < fields[9].size(); ++i) {
            if (fields[9].substr(i).starts_with("\\n")) {
                text += '\n';
                ++i;
            } else {
                text += fields[9][i];
            }
        }
        samples.push_back(
            {fields[0], fields[1], fields[2], fields[3], fields[4], fields[5], fields[6], fields[7], fields[8], text});
    }
    return samples;
}

template <class List, class Text>
std::string joined(const List& list, Text text_of) {
    std::vector<std::string> parts;
    for (const auto& item : list) parts.push_back(std::string{text_of(item)});
    std::ranges::sort(parts);
    std::string all;
    for (const std::string& part : parts) all += (all.empty() ? "" : ",") + part;
    return all;
}

std::string sorted(const std::string& list) {
    const auto parts = split(list, ',');
    return list.empty() ? list : joined(parts, [](std::string_view part) { return part; });
}

std::string plain(const StatedAmount& amount) {  // "128.00" and "128" are the same amount
    std::string value = amount.value;
    if (value.find('.') != std::string::npos) {
        while (value.ends_with('0')) value.pop_back();
        if (value.ends_with('.')) value.pop_back();
    }
    return value + " " + amount.currency;
}

std::string plain(std::string_view labelled) {
    const auto space = labelled.find(' ');
    return plain(StatedAmount{std::string{labelled.substr(0, space)}, std::string{labelled.substr(space + 1)}});
}

enum Field : std::uint8_t { language, category, urgency, route, missing, amounts, times, flags, field_count };
constexpr std::array<std::string_view, field_count> field_names{"language", "category", "urgency", "route",
                                                                "missing",  "amounts",  "times",   "flags"};
using Bars = std::array<double, field_count>;  // in percent

void measure(const std::string& name, const Bars& bars) {
    const auto samples = samples_of(std::string{OKPAY_SOURCE_DIR} + "/tests/corpora/triage/" + name);
    ASSERT_GE(samples.size(), 50U) << "too few for a percentage";
    std::array<int, field_count> right{};
    std::map<std::string, std::pair<int, int>> by_category;
    int abstained = 0;
    double confidence_right = 0;
    double confidence_wrong = 0;
    for (const Sample& sample : samples) {
        const Message message{.subject = sample.subject,
                              .new_text = sample.text,
                              .from_address = "customer@example.org",
                              .at = *moment_of_rfc3339("2026-11-05T10:00:00Z"),
                              .utc_offset_minutes = 480};
        const Reading got = read(message);
        const auto mark = [&](Field field, const std::string& is, const std::string& want) {
            if (is == want) ++right[field];
            else if (std::getenv("TRIAGE_SHOW") != nullptr) {
                std::cout << "  " << field_names[field] << ": " << is << " instead of " << want << " | " << sample.subject
                          << " | " << sample.text << "\n";
            }
        };
        mark(language, got.language, sample.language);
        mark(category, std::string{name_of(got.category)}, sample.category);
        mark(urgency, std::string{name_of(got.urgency)}, sample.urgency);
        mark(route, std::string{name_of(got.route)}, sample.route);
        mark(missing, joined(got.missing, [](Missing one) { return name_of(one); }), sorted(sample.missing));
        mark(amounts, joined(got.entities.amounts, [](const StatedAmount& one) { return plain(one); }),
             sample.amounts.empty() ? ""
                                    : joined(split(sample.amounts, ','), [](std::string_view one) { return plain(one); }));
        mark(times, joined(got.entities.datetimes, [](const std::string& one) { return one; }), sorted(sample.times));
        mark(flags, joined(got.flags, [](Flag one) { return name_of(one); }), sorted(sample.flags));
        auto& [hits, all] = by_category[sample.category];
        ++all;
        const bool hit = name_of(got.category) == sample.category;
        if (hit) ++hits;
        if (!hit && got.category == Category::unclear) ++abstained;
        (hit ? confidence_right : confidence_wrong) += got.confidence;
    }
    const auto count = static_cast<double>(samples.size());
    std::cout << name << ", " << samples.size() << " messages\n";
    for (std::size_t i = 0; i < field_count; ++i) {
        const double percent = 100.0 * right[i] / count;
        std::cout << fmt::format("  {:<10}{:6.1f} %  (bar {:.0f})\n", field_names[i], percent, bars[i]);
        EXPECT_GE(percent, bars[i]) << field_names[i];
    }
    for (const auto& [label, hits] : by_category)
        std::cout << fmt::format("    {:<24}{}/{}\n", label, hits.first, hits.second);
    const int wrong = static_cast<int>(samples.size()) - right[category];
    std::cout << fmt::format("  {} wrong categories, of which {} abstained (unclear)\n", wrong, abstained);
    std::cout << fmt::format("  mean confidence {:.2f} where right, {:.2f} where wrong\n",
                             confidence_right / std::max(1, right[category]), confidence_wrong / std::max(1, wrong));
}

TEST(TriageCorpus, development_messages) { measure("development.tsv", {98, 95, 95, 95, 92, 97, 95, 95}); }
TEST(TriageCorpus, held_out_messages) { measure("held_out.tsv", {98, 48, 70, 70, 80, 95, 95, 95}); }

// Open data beside the repository, where it is: one short English question a line. Counted only, no bar: its labels name
// the topic where ours name what is asked for (a pure how-to about a card is general_howto).
std::vector<std::vector<std::string>> csv_rows_of(const std::string& text) {
    std::vector<std::vector<std::string>> rows{{""}};
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '"') {
            if (quoted && i + 1 < text.size() && text[i + 1] == '"') rows.back().back() += text[i++];
            else quoted = !quoted;
        } else if (!quoted && c == ',') {
            rows.back().emplace_back();
        } else if (!quoted && c == '\n') {
            rows.push_back({""});
        } else if (c != '\r') {
            rows.back().back() += c;
        }
    }
    return rows;
}

std::string content_of(const std::string& path) {
    std::ifstream file{path};
    std::stringstream all;
    all << file.rdbuf();
    return all.str();
}

TEST(TriageCorpus, banking77_figures) {
    const std::string folder = std::string{OKPAY_SOURCE_DIR} + "/../shared/data/banking77/";
    const std::string map_text = content_of(folder + "category_map.json");
    if (map_text.empty()) GTEST_SKIP() << "no open data at " << folder;
    std::map<std::string, std::string> category_of_intent;  // lines of `"intent": "category"`
    for (const std::string_view line : split(map_text, '\n')) {
        const auto parts = split(line, '"');
        if (parts.size() == 5 && parts[1] != "note") category_of_intent[std::string{parts[1]}] = parts[3];
    }
    ASSERT_EQ(category_of_intent.size(), 77U);
    int right = 0;
    int all = 0;
    int answered = 0;
    std::map<std::pair<std::string, std::string>, int> confusion;
    for (const auto& row : csv_rows_of(content_of(folder + "test_dev.csv"))) {
        if (row.size() != 2 || row[0] == "text") continue;
        const Reading got = read({.new_text = row[0], .from_address = "customer@example.org"});
        const std::string& want = category_of_intent[row[1]];
        ++all;
        if (got.category != Category::unclear) ++answered;
        if (name_of(got.category) == want) ++right;
        else ++confusion[{want, std::string{name_of(got.category)}}];
        if (std::getenv("TRIAGE_SHOW") != nullptr && name_of(got.category) != want) {
            std::cout << "  b77 " << want << " as " << name_of(got.category) << " | " << row[0] << "\n";
        }
    }
    ASSERT_GT(all, 1'000);
    std::cout << fmt::format("banking77: {} of {} right ({:.1f} %), {} not abstained ({:.1f} % of them right)\n", right, all,
                             100.0 * right / all, answered, 100.0 * right / answered);
    std::vector<std::pair<int, std::string>> worst;
    for (const auto& [pair, count] : confusion) worst.emplace_back(-count, pair.first + " read as " + pair.second);
    std::ranges::sort(worst);
    for (std::size_t i = 0; i < std::min<std::size_t>(worst.size(), 12); ++i)
        std::cout << "    " << -worst[i].first << " " << worst[i].second << "\n";
}

}  // namespace
}  // namespace okpay::triage
