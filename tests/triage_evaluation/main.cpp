// SPDX-License-Identifier: Apache-2.0
// triage_evaluation DATA CORPORA [SET…]: how well the learner tells open sets apart (DATA), and the shipped model our own
// labelled messages (CORPORA); with SETs only those files of CORPORA. Run by scripts/eval_triage; with TRIAGE_SHOW in the
// environment each message is printed that was read otherwise than labelled; of the sets that only count, its line's number.
// Intervals are Wilson's at 95 %.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "base/text.hpp"
#include "mail/reply.hpp"
#include "triage/learner.hpp"
#include "triage/read.hpp"

namespace {

using namespace okpay;
using namespace okpay::triage;
namespace json = boost::json;

std::string content_of(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

std::string with_interval(double hits, double all) {
    if (all == 0) return "none";
    constexpr double z = 1.959964;
    const double share = hits / all;
    const double middle = (share + z * z / (2 * all)) / (1 + z * z / all);
    const double half = z / (1 + z * z / all) * std::sqrt(share * (1 - share) / all + z * z / (4 * all * all));
    return fmt::format("{:.4f} [{:.4f}, {:.4f}] of {:.0f}", share, middle - half, middle + half, all);
}

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

struct Labels {
    std::vector<std::string> names;
    std::map<std::string, std::uint16_t> numbers;
    std::uint16_t of(const std::string& name) {
        const auto [found, added] = numbers.emplace(name, static_cast<std::uint16_t>(names.size()));
        if (added) names.push_back(name);
        return found->second;
    }
};

std::vector<Example> csv_examples(const std::string& path, Labels& labels, const std::set<std::string>& without) {
    std::vector<Example> examples;
    std::uint32_t number = 0;
    for (const auto& row : csv_rows_of(content_of(path))) {
        if (row.size() != 2 || row[0] == "text" || without.contains(row[1])) continue;
        // The file is sorted by label: a multiplicative hash deals its rows to the folds.
        examples.push_back({row[0], {labels.of(row[1])}, (number++ * 2'654'435'761U) >> 8U});
    }
    return examples;
}

struct Judged {
    std::uint16_t want, got;
    double confidence;
};

void print_quality(const std::vector<Judged>& all, const std::vector<std::string>& names, bool per_class) {
    const auto count = static_cast<double>(all.size());
    struct Class {
        double hits = 0, wanted = 0, given = 0;
    };
    std::vector<Class> classes(names.size());
    std::map<std::pair<std::uint16_t, std::uint16_t>, int> confusion;
    double hits = 0;
    for (const Judged& one : all) {
        ++classes[one.want].wanted;
        ++classes[one.got].given;
        if (one.want == one.got) {
            ++hits;
            ++classes[one.want].hits;
        } else {
            ++confusion[{one.want, one.got}];
        }
    }
    double f1 = 0;
    double present = 0;
    for (const Class& one : classes) {
        if (one.wanted == 0) continue;
        ++present;
        f1 += 2 * one.hits / (one.wanted + one.given);
    }
    fmt::print("  accuracy {}, macro-F1 {:.4f}\n", with_interval(hits, count), f1 / present);

    constexpr std::size_t bins = 15;
    std::array<std::array<double, 3>, bins> reliability{};  // count, confidence, hits
    for (const Judged& one : all) {
        auto& bin = reliability[std::min(bins - 1, static_cast<std::size_t>(one.confidence * bins))];
        ++bin[0];
        bin[1] += one.confidence;
        bin[2] += one.want == one.got ? 1 : 0;
    }
    double error = 0;
    for (const auto& bin : reliability) error += std::abs(bin[1] - bin[2]) / count;
    fmt::print("  expected calibration error {:.4f}; confidence -> accuracy:", error);
    for (const auto& bin : reliability) {
        if (bin[0] > 0) fmt::print(" {:.2f}->{:.2f} ({:.0f})", bin[1] / bin[0], bin[2] / bin[0], bin[0]);
    }
    fmt::print("\n  selective accuracy:");
    auto sorted = all;
    std::ranges::sort(sorted, std::ranges::greater{}, &Judged::confidence);
    for (const double coverage : {0.95, 0.9, 0.8, 0.7}) {
        const auto kept = static_cast<std::size_t>(count * coverage);
        const auto right = std::ranges::count_if(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(kept),
                                                 [](const Judged& one) { return one.want == one.got; });
        fmt::print(" {:.4f} at {:.0f} %", static_cast<double>(right) / static_cast<double>(kept), coverage * 100);
    }
    fmt::print("\n");
    if (per_class) {
        for (std::size_t i = 0; i < names.size(); ++i) {
            const Class& one = classes[i];
            if (one.wanted == 0 && one.given == 0) continue;
            fmt::print("    {:<48} precision {:.2f} recall {:.2f} ({:.0f})\n", names[i],
                       one.given == 0 ? 0 : one.hits / one.given, one.wanted == 0 ? 0 : one.hits / one.wanted, one.wanted);
        }
    }
    std::vector<std::pair<int, std::string>> worst;
    for (const auto& [pair, times] : confusion)
        worst.emplace_back(-times, names[pair.first] + " read as " + names[pair.second]);
    std::ranges::sort(worst);
    for (std::size_t i = 0; i < std::min<std::size_t>(worst.size(), 8); ++i)
        fmt::print("    {} {}\n", -worst[i].first, worst[i].second);
}

Judged judged(const Model& model, const Example& example) {
    const auto probabilities = model.probabilities_of(example.text);
    const auto best = std::ranges::max_element(probabilities);
    return {example.labels.front(), static_cast<std::uint16_t>(best - probabilities.begin()), static_cast<double>(*best)};
}

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void banking77(const std::string& folder) {
    fmt::print("Banking77: learnt from train.csv, measured on test_dev.csv\n");
    Labels labels;
    const auto train = csv_examples(folder + "train.csv", labels, {});
    const auto test = csv_examples(folder + "test_dev.csv", labels, {});
    const auto start = std::chrono::steady_clock::now();
    const Model model = learn(train, labels.names, {});
    fmt::print("  {} texts, {} labels, {} features, {:.1f} MB, temperature {:.3f}, {:.0f} s with its folds\n", train.size(),
               labels.names.size(), model.rows(), static_cast<double>(model.bytes().size()) / 1e6, model.temperature(),
               seconds_since(start));
    std::vector<Judged> all;
    for (const Example& example : test) all.push_back(judged(model, example));
    print_quality(all, labels.names, false);
}

// How near a text is to what was learnt: the variance of its logits. What no weight knows leaves them all alike. Chosen
// among some such measures by looking at all of CLINC's texts out of scope: the figure flatters.
double nearness(const Model& model, const std::string& text) {
    const auto logits = model.logits_of(text);
    double mean = 0;
    for (const float one : logits) mean += static_cast<double>(one) / static_cast<double>(logits.size());
    double sum = 0;
    for (const float one : logits) sum += (static_cast<double>(one) - mean) * (static_cast<double>(one) - mean);
    return sum;
}

void out_of_scope(const std::string& banking, const std::string& clinc) {
    const json::value in_domain = json::parse(content_of(banking + "oos_intents.json"));
    std::set<std::string> without;
    for (const json::value& name : in_domain.as_array()) without.insert(std::string{name.as_string()});
    fmt::print(
        "Out of scope: learnt from 50 intents of Banking77, rejected by the variance of the logits where 95 % of their "
        "test is kept\n");
    Labels labels;
    const auto train = csv_examples(banking + "train.csv", labels, without);
    const Model model = learn(train, labels.names, {});
    std::vector<double> kept;
    double far_rejected = 0;
    double far = 0;
    std::array<double, 2> far_test{};  // of the part that nothing was chosen on
    double near_rejected = 0;
    double near = 0;
    for (const Example& example : csv_examples(banking + "test_dev.csv", labels, without))
        kept.push_back(nearness(model, example.text));
    std::ranges::sort(kept);
    const double threshold = kept[kept.size() / 20];
    const json::value sets = json::parse(content_of(clinc + "data_dev.json"));
    for (const char* set : {"oos_train", "oos_val", "oos_test"}) {
        for (const json::value& row : sets.at(set).as_array()) {
            const bool rejected = nearness(model, std::string{row.as_array()[0].as_string()}) < threshold;
            ++far;
            far_rejected += rejected ? 1 : 0;
            if (std::string_view{set} != "oos_test") continue;
            far_test[0] += rejected ? 1 : 0;
            ++far_test[1];
        }
    }
    for (const auto& row : csv_rows_of(content_of(banking + "test_dev.csv"))) {
        if (row.size() != 2 || !without.contains(row[1])) continue;
        ++near;
        near_rejected += nearness(model, row[0]) < threshold ? 1 : 0;
    }
    fmt::print("  CLINC out of scope rejected {}, of its test part {}\n", with_interval(far_rejected, far),
               with_interval(far_test[0], far_test[1]));
    fmt::print("  the other 27 intents rejected {}\n", with_interval(near_rejected, near));
}

struct Counted {
    double hits = 0, wanted = 0, given = 0, exact = 0;
    [[nodiscard]] double f1() const { return 2 * hits / (wanted + given); }
};

Counted counted_at(const std::vector<std::vector<float>>& logits, const std::vector<Example>& examples, float threshold) {
    Counted counted;
    for (std::size_t text = 0; text < examples.size(); ++text) {
        bool same = true;
        for (std::size_t i = 0; i < logits[text].size(); ++i) {
            const bool want = std::ranges::find(examples[text].labels, i) != examples[text].labels.end();
            const bool got = logits[text][i] >= threshold;
            counted.wanted += want ? 1 : 0;
            counted.given += got ? 1 : 0;
            counted.hits += want && got ? 1 : 0;
            same = same && want == got;
        }
        counted.exact += same ? 1 : 0;
    }
    return counted;
}

// The logit from which on a label is given, by the micro-F1 of texts that the weights have not seen.
float fitted_threshold(const std::vector<std::vector<float>>& logits, const std::vector<Example>& examples) {
    float best = 0;
    double best_f1 = 0;
    for (int step = -40; step <= 20; ++step) {
        const float threshold = static_cast<float>(step) / 10;
        if (const double f1 = counted_at(logits, examples, threshold).f1(); f1 > best_f1) {
            best = threshold;
            best_f1 = f1;
        }
    }
    return best;
}

void several_labels(const std::string& folder) {
    constexpr int folds = 14;
    constexpr int train_folds = 10;
    fmt::print("NLU++ banking: several labels a text, learnt from folds 0 to 9, measured on 10 to 13\n");
    Labels labels;
    std::vector<Example> train;
    std::vector<Example> test;
    for (int fold = 0; fold < folds; ++fold) {
        const json::value rows = json::parse(content_of(fmt::format("{}fold{}.json", folder, fold)));
        for (const json::value& row : rows.as_array()) {
            Example example;
            example.text = std::string{row.at("text").as_string()};
            example.group = static_cast<std::uint32_t>(fold);
            if (const json::value* intents = row.as_object().if_contains("intents")) {
                for (const json::value& name : intents->as_array())
                    example.labels.push_back(labels.of(std::string{name.as_string()}));
            }
            (fold < train_folds ? train : test).push_back(std::move(example));
        }
    }
    LearnOptions options;
    options.loss = Loss::any_of;
    const float threshold = fitted_threshold(unseen_logits(train, labels.names.size(), options), train);
    const Model model = learn(train, labels.names, options);
    std::vector<std::vector<float>> logits;
    for (const Example& example : test) logits.push_back(model.logits_of(example.text));
    const Counted counted = counted_at(logits, test, threshold);
    fmt::print("  micro-F1 {:.4f} (precision {:.4f}, recall {:.4f}), exact match {}; labels from a logit of {:.1f} on\n",
               counted.f1(), counted.hits / counted.given, counted.hits / counted.wanted,
               with_interval(counted.exact, static_cast<double>(test.size())), threshold);
}

// Labels of one line of our own messages; more than one answer may be right.
bool accepts(std::string_view labels, std::string_view answer) {
    const auto all = split(labels, '|');
    return std::ranges::find(all, answer) != all.end();
}

// As the program reads it: what is quoted, forwarded or a signature is taken off first.
Reading reading_of(std::string_view subject, std::string_view escaped_text, Moment at_hand) {
    std::string text{escaped_text};
    for (auto at = text.find("\\n"); at != std::string::npos; at = text.find("\\n", at)) text.replace(at, 2, "\n");
    mail::ReplyParts parts = mail::split_reply(text, mail::says_forward(subject));
    return read({.subject = subject == "-" ? "" : std::string{subject},
                 .new_text = std::move(parts.new_text),
                 .quoted_text = std::move(parts.quoted_text),
                 .forwarded_text = std::move(parts.forwarded_text),
                 .from_address = "customer@example.org",
                 .at = at_hand,
                 .utc_offset_minutes = 480});
}

void own_messages(const std::string& path) {
    const bool show = std::getenv("TRIAGE_SHOW") != nullptr;
    std::vector<Judged> all;
    Labels labels;
    for (std::size_t i = 0; i < category_count; ++i) labels.of(std::string{name_of(static_cast<Category>(i))});
    struct Group {
        double all = 0, category = 0, route = 0, urgency = 0;
    };
    std::map<std::string, Group> groups;
    int let_through = 0;  // of what risks money or an account: answered by itself, or dropped
    const bool unseen = path.ends_with("/held_out.tsv") || path.ends_with("_sealed.tsv");  // told by the line alone
    const std::string text = content_of(path);
    Moment written = *moment_of_rfc3339("2026-11-05T10:00:00Z");
    std::size_t number = 0;
    for (const std::string_view line : split(text, '\n')) {
        ++number;
        constexpr std::string_view written_at = "# written at ";
        if (line.starts_with(written_at)) written = moment_of_rfc3339(line.substr(written_at.size())).value();
        const auto fields = split(line, '\t');
        if (line.starts_with('#') || (fields.size() != 10 && fields.size() != 12)) continue;
        const std::string_view subject = fields[fields.size() - 2];
        const Reading reading = reading_of(subject, fields.back(), written);
        const bool hit = accepts(fields[1], name_of(reading.category));
        const bool routed = accepts(fields[3], name_of(reading.route));
        const std::string want{hit ? name_of(reading.category) : split(fields[1], '|').front()};
        all.push_back({labels.of(want), static_cast<std::uint16_t>(reading.category), reading.confidence});
        const std::string kind =
            std::string{fields[0].starts_with("zh") ? "zh" : "en"} + (subject == "-" ? " short" : " mails");
        for (const std::string& name : {std::string{fields[0]}, kind, std::string{"all"}}) {
            Group& group = groups[name];
            ++group.all;
            group.category += hit ? 1 : 0;
            group.route += routed ? 1 : 0;
            group.urgency += accepts(fields[2], name_of(reading.urgency)) ? 1 : 0;
        }
        const bool at_risk = accepts(fields[3], "risk_team") || accepts(fields[2], "critical");
        if (at_risk && (reading.route == Route::auto_answer || reading.route == Route::no_action)) ++let_through;
        if (show && (!hit || !routed)) {
            fmt::print("  {} ({:.2f}), {} instead of {}, {} | line {}", name_of(reading.category), reading.confidence,
                       name_of(reading.route), fields[1], fields[3], number);
            if (unseen) fmt::print("\n");
            else fmt::print(" | {} | {}\n", subject, fields.back());
        }
    }
    fmt::print("{}: the shipped model and rules\n", path);
    if (all.empty()) return;
    for (const auto& [name, group] : groups) {
        fmt::print("  {:<8} category {}, route {}, urgency {}\n", name, with_interval(group.category, group.all),
                   with_interval(group.route, group.all), with_interval(group.urgency, group.all));
    }
    fmt::print("  attacks and critical ones answered by themselves or dropped: {}\n", let_through);
    print_quality(all, labels.names, true);
}

}  // namespace

int main(int count, char** arguments) {
    if (count < 3) {
        std::fputs("usage: triage_evaluation DATA CORPORA [SET...]\n", stderr);
        return 2;
    }
    const std::string data = std::string{arguments[1]} + "/";
    const std::string corpora = std::string{arguments[2]} + "/";
    for (int i = 3; i < count; ++i) own_messages(corpora + arguments[i]);
    if (count > 3) return 0;
    for (const char* set : {"development.tsv", "held_out.tsv", "steering.tsv", "letters_open.tsv", "letters_sealed.tsv",
                            "inbox_en_open.tsv", "inbox_en_sealed.tsv", "inbox_zh_open.tsv", "inbox_zh_sealed.tsv",
                            "oblique_en_open.tsv", "oblique_en_sealed.tsv", "oblique_zh_open.tsv", "oblique_zh_sealed.tsv"})
        own_messages(corpora + set);
    if (content_of(data + "banking77/train.csv").empty()) {
        fmt::print("skipped: no open data at {}; the sets are named in src/triage/README.md\n", data);
        return 0;
    }
    banking77(data + "banking77/");
    if (!content_of(data + "clinc150/data_dev.json").empty()) out_of_scope(data + "banking77/", data + "clinc150/");
    if (!content_of(data + "nlupp-banking/fold0.json").empty()) several_labels(data + "nlupp-banking/");
    return 0;
}
