// SPDX-License-Identifier: Apache-2.0
#include "triage/learner.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "base/ensure.hpp"
#include "triage/impl/grams.hpp"
#include "triage/impl/kernels.hpp"
#include "triage/impl/minimise.hpp"
#include "triage/impl/sheet.hpp"

namespace okpay::triage {
namespace {

struct Counted {
    std::uint64_t key;
    std::uint32_t count;
    GramBlock block;
};
using Counts = std::vector<Counted>;  // by key

Counts counts_of(const Example& example) {
    std::vector<Gram> grams;
    append_grams(Sheet{example.text}.text(), grams);
    for (const std::uint64_t key : example.concepts) grams.push_back({key, 0, 0, GramBlock::concepts});
    std::ranges::sort(grams, {}, &Gram::key);
    Counts counts;
    for (const Gram& gram : grams) {
        if (!counts.empty() && counts.back().key == gram.key) ++counts.back().count;
        else counts.push_back({gram.key, 1, gram.block});
    }
    return counts;
}

}  // namespace

// The weights before they are made small. Rows in the order of their keys, so that nothing hangs on a table's order.
class ModelMaker {
public:
    ModelMaker(std::span<const Counts> texts, std::span<const Example> examples, std::size_t labels,
               const LearnOptions& options)
        : examples_{examples}, options_{options}, labels_{labels}, stride_{(labels + 3) / 4 * 4} {
        collect_rows(texts);
        for (const Counts& text : texts) append_values(text);
        solve();
    }

    [[nodiscard]] std::vector<float> logits_of(const Counts& text) const {
        std::vector<float> logits(stride_);
        add_logits(values_of(text), weights_, logits);
        logits.resize(labels_);
        return logits;
    }

    [[nodiscard]] Model model(std::vector<std::string> names, double temperature) const {
        Model model;
        model.loss_ = options_.loss;
        model.temperature_ = static_cast<float>(temperature);
        model.shares_ = options_.shares;
        model.labels_ = std::move(names);
        model.biases_.assign(weights_.end() - static_cast<std::ptrdiff_t>(stride_),
                             weights_.end() - static_cast<std::ptrdiff_t>(stride_ - labels_));
        constexpr float weight_top = 127;
        constexpr float scale_top = 65'535;
        std::vector<float> largest;
        for (std::size_t row = 0; row < rows_.size(); ++row) {
            float most = 0;
            for (std::size_t i = 0; i < labels_; ++i) most = std::max(most, std::abs(weights_[row * stride_ + i]));
            largest.push_back(most);
        }
        const float top = largest.empty() ? 1 : std::max(std::ranges::max(largest), 1e-6F);
        model.scale_unit_ = top / weight_top / scale_top;
        std::unordered_map<std::uint32_t, bool> taken;
        for (std::size_t row = 0; row < rows_.size(); ++row) {
            const auto low = static_cast<std::uint32_t>(rows_[row].key);
            if (static_cast<double>(largest[row]) < options_.weight_min || !taken.emplace(low, true).second) continue;
            const float scale = std::max(1.F, std::round(largest[row] / weight_top / model.scale_unit_));
            model.keys_.push_back(low);
            model.blocks_.push_back(static_cast<std::uint8_t>(rows_[row].block));
            model.idfs_.push_back(static_cast<std::uint16_t>(std::lround(rows_[row].idf / Model::idf_unit)));
            model.scales_.push_back(static_cast<std::uint16_t>(scale));
            for (std::size_t i = 0; i < labels_; ++i) {
                const float small = std::round(weights_[row * stride_ + i] / (scale * model.scale_unit_));
                model.weights_.push_back(static_cast<std::int8_t>(std::clamp(small, -weight_top, weight_top)));
            }
        }
        model.index_keys();
        return model;
    }

private:
    struct Row {
        std::uint64_t key;
        float idf;
        GramBlock block;
    };
    void collect_rows(std::span<const Counts> texts) {
        struct Seen {
            std::uint64_t key;
            std::uint32_t group;
            GramBlock block;
        };
        std::vector<Seen> all;
        for (std::size_t i = 0; i < texts.size(); ++i) {
            for (const Counted& one : texts[i]) all.push_back({one.key, examples_[i].group, one.block});
        }
        std::ranges::sort(all, {}, [](const Seen& one) { return std::pair{one.key, one.group}; });
        const auto count = static_cast<double>(texts.size());
        for (std::size_t i = 0; i < all.size();) {
            std::size_t next = i, groups = 0;
            for (; next < all.size() && all[next].key == all[i].key; ++next)
                groups += next == i || all[next].group != all[next - 1].group ? 1 : 0;
            if (groups >= options_.groups_min) {
                const double idf = std::log((1 + count) / (1 + static_cast<double>(next - i))) + 1;
                rows_.push_back({all[i].key, static_cast<float>(idf), all[i].block});
            }
            i = next;
        }
    }

    [[nodiscard]] std::vector<Valued> values_of(const Counts& text) const {
        std::vector<Valued> values;
        std::array<float, gram_blocks> squares{};
        auto from = rows_.begin();
        for (const Counted& one : text) {
            from = std::ranges::lower_bound(from, rows_.end(), one.key, {}, &Row::key);
            if (from == rows_.end()) break;
            if (from->key != one.key) continue;
            const float value = (1 + std::log(static_cast<float>(one.count))) * from->idf;
            values.push_back({static_cast<std::uint32_t>(from - rows_.begin()), value});
            squares[static_cast<std::size_t>(from->block)] += value * value;
        }
        for (Valued& one : values) {
            const auto block = static_cast<std::size_t>(rows_[one.row].block);
            one.value *= options_.shares[block] / std::sqrt(squares[block]);
        }
        return values;
    }

    void append_values(const Counts& text) {
        const auto values = values_of(text);
        values_.insert(values_.end(), values.begin(), values.end());
        ends_.push_back(values_.size());
    }

    void add_logits(std::span<const Valued> values, const Vector& weights, std::vector<float>& logits) const {
        const auto biases = weights.end() - static_cast<std::ptrdiff_t>(stride_);
        std::copy(biases, weights.end(), logits.begin());
        add_rows(logits, values, weights);
    }

    // Turns logits into the slope of the loss by each of them; returns the loss.
    double slopes_of(std::vector<float>& logits, const Example& example) const {
        double loss = 0;
        if (options_.loss == Loss::one_of) {
            const float most = *std::max_element(logits.begin(), logits.begin() + static_cast<std::ptrdiff_t>(labels_));
            double sum = 0;
            for (std::size_t i = 0; i < labels_; ++i) sum += std::exp(static_cast<double>(logits[i] - most));
            const std::uint16_t want = example.labels.front();
            loss = std::log(sum) - static_cast<double>(logits[want] - most);
            for (std::size_t i = 0; i < labels_; ++i)
                logits[i] = static_cast<float>(std::exp(static_cast<double>(logits[i] - most)) / sum);
            logits[want] -= 1;
        } else {
            for (std::size_t i = 0; i < labels_; ++i) {
                const bool wanted = std::ranges::find(example.labels, i) != example.labels.end();
                const double z = wanted ? static_cast<double>(logits[i]) : -static_cast<double>(logits[i]);
                loss += z > 0 ? std::log1p(std::exp(-z)) : std::log1p(std::exp(z)) - z;
                const double missed = 1 / (1 + std::exp(z));
                logits[i] = static_cast<float>(wanted ? -missed : missed);
            }
        }
        for (std::size_t i = 0; i < labels_; ++i) logits[i] *= example.weight;
        for (std::size_t i = labels_; i < stride_; ++i) logits[i] = 0;
        return loss * static_cast<double>(example.weight);
    }

    double loss_at(const Vector& weights, Vector& gradient) const {
        double loss = 0;
        const std::size_t penalised = rows_.size() * stride_;  // the biases are free
        const std::span<const float> free_of_biases{weights.data(), penalised};
        std::ranges::fill(gradient, 0.F);
        add_scaled({gradient.data(), penalised}, static_cast<float>(options_.penalty), free_of_biases);
        std::vector<float> slopes(stride_);
        for (std::size_t text = 0; text < ends_.size(); ++text) {
            const std::size_t begin = text == 0 ? 0 : ends_[text - 1];
            const std::span<const Valued> values{values_.data() + begin, ends_[text] - begin};
            add_logits(values, weights, slopes);
            loss += slopes_of(slopes, examples_[text]);
            spread_to_rows(gradient, values, slopes);
            add_scaled({gradient.data() + penalised, stride_}, 1, slopes);
        }
        return loss + options_.penalty / 2 * dot(free_of_biases, free_of_biases);
    }

    void solve() {
        weights_.assign((rows_.size() + 1) * stride_, 0.F);
        minimise([this](const Vector& point, Vector& gradient) { return loss_at(point, gradient); }, weights_,
                 {options_.iterations_max, options_.gradient_min});
    }

    std::span<const Example> examples_;
    LearnOptions options_;
    std::size_t labels_, stride_;
    std::vector<Row> rows_;
    std::vector<Valued> values_;
    std::vector<std::size_t> ends_;
    Vector weights_;
};

namespace {

std::vector<Counts> all_counts_of(std::span<const Example> examples) {
    std::vector<Counts> all;
    all.reserve(examples.size());
    for (const Example& example : examples) all.push_back(counts_of(example));
    return all;
}

std::vector<std::vector<float>> unseen_logits_of(std::span<const Counts> texts, std::span<const Example> examples,
                                                 std::size_t labels, const LearnOptions& options) {
    std::vector<std::vector<float>> logits(examples.size());  // of what no fold measured: empty
    for (std::uint32_t fold = 0; fold < std::min(options.folds, options.folds_measured); ++fold) {
        std::vector<Counts> seen;
        std::vector<Example> seen_examples;
        for (std::size_t i = 0; i < examples.size(); ++i) {
            if (examples[i].group % options.folds == fold) continue;
            seen.push_back(texts[i]);
            seen_examples.push_back({{}, examples[i].labels, examples[i].group, examples[i].weight});
        }
        const ModelMaker maker{seen, seen_examples, labels, options};
        for (std::size_t i = 0; i < examples.size(); ++i) {
            if (examples[i].group % options.folds == fold) logits[i] = maker.logits_of(texts[i]);
        }
    }
    return logits;
}

double loss_of(std::span<const float> logits, const Example& example, Loss loss, double temperature) {
    double sum = 0;
    if (loss == Loss::one_of) {
        const double most = static_cast<double>(std::ranges::max(logits));
        for (const float one : logits) sum += std::exp((static_cast<double>(one) - most) / temperature);
        return std::log(sum) - (static_cast<double>(logits[example.labels.front()]) - most) / temperature;
    }
    for (std::size_t i = 0; i < logits.size(); ++i) {
        const bool wanted = std::ranges::find(example.labels, i) != example.labels.end();
        sum += std::log1p(std::exp((wanted ? -1 : 1) * static_cast<double>(logits[i]) / temperature));
    }
    return sum;
}

}  // namespace

std::vector<std::vector<float>> unseen_logits(std::span<const Example> examples, std::size_t labels,
                                              const LearnOptions& options) {
    ensure(options.folds >= 2);
    return unseen_logits_of(all_counts_of(examples), examples, labels, options);
}

double fitted_temperature(std::span<const std::vector<float>> logits, std::span<const Example> examples, Loss loss) {
    const auto at = [&](double temperature) {
        double sum = 0;
        for (std::size_t i = 0; i < examples.size(); ++i) {
            if (logits[i].empty()) continue;
            sum += static_cast<double>(examples[i].weight) * loss_of(logits[i], examples[i], loss, temperature);
        }
        return sum;
    };
    // The loss has one valley along the temperature: golden section over its logarithm.
    constexpr double golden = 0.6180339887498949;
    constexpr int cuts = 40;
    double low = std::log(0.05);
    double high = std::log(20.0);
    double left = high - golden * (high - low);
    double right = low + golden * (high - low);
    double at_left = at(std::exp(left));
    double at_right = at(std::exp(right));
    for (int cut = 0; cut < cuts; ++cut) {
        if (at_left < at_right) {
            high = right;
            right = left;
            at_right = at_left;
            left = high - golden * (high - low);
            at_left = at(std::exp(left));
        } else {
            low = left;
            left = right;
            at_left = at_right;
            right = low + golden * (high - low);
            at_right = at(std::exp(right));
        }
    }
    return std::exp((low + high) / 2);
}

Model learn(std::span<const Example> examples, std::vector<std::string> labels, const LearnOptions& options) {
    for (const Example& example : examples) {
        for (const std::uint16_t label : example.labels) ensure(label < labels.size());
        ensure(options.loss == Loss::any_of || example.labels.size() == 1);
    }
    const auto texts = all_counts_of(examples);
    double temperature = 1;
    if (options.folds >= 2) {
        const auto logits = unseen_logits_of(texts, examples, labels.size(), options);
        temperature = fitted_temperature(logits, examples, options.loss);
    }
    const ModelMaker maker{texts, examples, labels.size(), options};
    return maker.model(std::move(labels), temperature);
}

}  // namespace okpay::triage
