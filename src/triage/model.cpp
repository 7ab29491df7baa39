// SPDX-License-Identifier: Apache-2.0
#include "triage/model.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <map>

#include "triage/impl/grams.hpp"
#include "triage/impl/kernels.hpp"
#include "triage/impl/sheet.hpp"

namespace okpay::triage {
namespace {

constexpr std::string_view magic = "OKTM1";
constexpr std::size_t labels_max = 1'000;
constexpr std::size_t rows_max = 4'000'000;

class Writer {
public:
    void number(std::uint64_t value, std::size_t octets) {
        for (std::size_t i = 0; i < octets; ++i) bytes_ += static_cast<char>((value >> (8 * i)) & 0xFFU);
    }
    void real(float value) { number(std::bit_cast<std::uint32_t>(value), 4); }
    void text(std::string_view value) {
        number(value.size(), 2);
        bytes_ += value;
    }
    void raw(std::string_view value) { bytes_ += value; }
    [[nodiscard]] std::string take() { return std::move(bytes_); }

private:
    std::string bytes_;
};

class Reader {
public:
    explicit Reader(std::string_view bytes) : bytes_{bytes} {}
    std::uint64_t number(std::size_t octets) {
        if (bytes_.size() < octets) return fail();
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < octets; ++i) value |= std::uint64_t{static_cast<std::uint8_t>(bytes_[i])} << (8 * i);
        bytes_.remove_prefix(octets);
        return value;
    }
    float real() {
        const auto value = std::bit_cast<float>(static_cast<std::uint32_t>(number(4)));
        if (!std::isfinite(value)) fail();
        return value;
    }
    std::string_view raw(std::size_t octets) {
        if (bytes_.size() < octets) {
            fail();
            return {};
        }
        const auto value = bytes_.substr(0, octets);
        bytes_.remove_prefix(octets);
        return value;
    }
    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] std::size_t left() const { return bytes_.size(); }

private:
    std::uint64_t fail() {
        ok_ = false;
        bytes_ = {};
        return 0;
    }
    std::string_view bytes_;
    bool ok_ = true;
};

}  // namespace

void Model::index_keys() {
    slots_.assign(std::bit_ceil(std::max<std::size_t>(keys_.size() + keys_.size() / 4, 16)), {0, no_row});
    for (std::uint32_t row = 0; row < keys_.size(); ++row) {
        std::size_t slot = keys_[row] & (slots_.size() - 1);
        while (slots_[slot].row != no_row) slot = (slot + 1) & (slots_.size() - 1);
        slots_[slot] = {keys_[row], row};
    }
    const std::size_t labels = labels_.size();
    stretches_per_row_ = (head_octets + columns() + record_alignment - 1) / record_alignment;
    records_.assign(keys_.size() * stretches_per_row_, Stretch{});
    for (std::uint32_t row = 0; row < keys_.size(); ++row) {
        std::int8_t* const record = records_[row * stretches_per_row_].octets.data();
        const Head head{idfs_[row], scales_[row], blocks_[row]};
        std::memcpy(record, &head, sizeof head);
        std::memcpy(record + head_octets, &weights_[row * labels], labels);
    }
}

std::size_t Model::columns() const { return (labels_.size() + record_step - 1) / record_step * record_step; }

const std::int8_t* Model::record_of(std::uint32_t row) const { return records_[row * stretches_per_row_].octets.data(); }

Model::Head Model::head_of(std::uint32_t row) const {
    static_assert(sizeof(Head) <= head_octets);
    Head head{};
    std::memcpy(&head, record_of(row), sizeof head);
    return head;
}

std::uint32_t Model::row_of(std::uint64_t key) const {
    const auto low = static_cast<std::uint32_t>(key);
    for (std::size_t slot = low & (slots_.size() - 1);; slot = (slot + 1) & (slots_.size() - 1)) {
        if (slots_[slot].row == no_row || slots_[slot].key == low) return slots_[slot].row;
    }
}

std::string Model::bytes() const {
    Writer writer;
    writer.raw(magic);
    writer.number(static_cast<std::uint64_t>(loss_), 1);
    writer.real(temperature_);
    for (const float share : shares_) writer.real(share);
    writer.real(scale_unit_);
    writer.number(labels_.size(), 2);
    for (const std::string& label : labels_) writer.text(label);
    for (const float bias : biases_) writer.real(bias);
    writer.number(keys_.size(), 4);
    for (const std::uint32_t key : keys_) writer.number(key, 4);
    for (const std::uint8_t block : blocks_) writer.number(block, 1);
    for (const std::uint16_t idf : idfs_) writer.number(idf, 2);
    for (const std::uint16_t scale : scales_) writer.number(scale, 2);
    for (const std::int8_t weight : weights_) writer.number(static_cast<std::uint8_t>(weight), 1);
    return writer.take();
}

std::optional<Model> Model::parse(std::string_view bytes) {
    Reader reader{bytes};
    if (reader.raw(magic.size()) != magic) return std::nullopt;
    Model model;
    const std::uint64_t loss = reader.number(1);
    if (loss > 1) return std::nullopt;
    model.loss_ = static_cast<Loss>(loss);
    model.temperature_ = reader.real();
    for (float& share : model.shares_) share = reader.real();
    model.scale_unit_ = reader.real();
    const std::uint64_t labels = reader.number(2);
    if (!reader.ok() || labels == 0 || labels > labels_max || model.temperature_ <= 0) return std::nullopt;
    for (std::uint64_t i = 0; i < labels; ++i) model.labels_.emplace_back(reader.raw(reader.number(2)));
    for (std::uint64_t i = 0; i < labels; ++i) model.biases_.push_back(reader.real());
    const std::uint64_t rows = reader.number(4);
    if (!reader.ok() || rows > rows_max || reader.left() != rows * (4 + 1 + 2 + 2 + labels)) return std::nullopt;
    for (std::uint64_t i = 0; i < rows; ++i) model.keys_.push_back(static_cast<std::uint32_t>(reader.number(4)));
    for (std::uint64_t i = 0; i < rows; ++i) {
        model.blocks_.push_back(static_cast<std::uint8_t>(reader.number(1)));
        if (model.blocks_.back() >= gram_blocks) return std::nullopt;
    }
    for (std::uint64_t i = 0; i < rows; ++i) model.idfs_.push_back(static_cast<std::uint16_t>(reader.number(2)));
    for (std::uint64_t i = 0; i < rows; ++i) model.scales_.push_back(static_cast<std::uint16_t>(reader.number(2)));
    const std::string_view weights = reader.raw(rows * labels);
    model.weights_.resize(weights.size());
    std::ranges::transform(weights, model.weights_.begin(), [](char c) { return static_cast<std::int8_t>(c); });
    model.index_keys();
    return model;
}

std::vector<float> Model::logits_of(const GramBag& grams) const {
    constexpr std::size_t ahead = 16;  // slots asked for before they are needed
    const auto entries = grams.entries();
    std::vector<Factored> known;
    known.reserve(entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (i + ahead < entries.size()) __builtin_prefetch(&slots_[entries[i + ahead].key & (slots_.size() - 1)]);
        const std::uint32_t row = row_of(entries[i].key);
        if (row == no_row) continue;
        __builtin_prefetch(record_of(row));
        known.push_back({row, static_cast<float>(entries[i].count)});
    }
    std::array<std::vector<Factored>, gram_blocks> factors;
    std::array<float, gram_blocks> squares{};
    for (const auto& [row, count] : known) {
        const Head head = head_of(row);
        float value = static_cast<float>(head.idf) * idf_unit;
        if (count > 1) value *= 1 + std::log(count);
        squares[head.block] += value * value;
        if (factors[head.block].empty()) factors[head.block].reserve(known.size());
        factors[head.block].push_back({row, value * static_cast<float>(head.scale)});
    }
    std::vector<float> logits(columns(), 0.F);
    std::ranges::copy(biases_, logits.begin());
    std::vector<float> sums(columns());
    for (std::size_t block = 0; block < gram_blocks; ++block) {
        if (factors[block].empty()) continue;
        std::ranges::fill(sums, 0.F);
        add_records(sums, factors[block], records_.front().octets.data(), stretches_per_row_ * record_alignment,
                    head_octets);
        add_scaled(logits, scale_unit_ * shares_[block] / std::sqrt(squares[block]), sums);
    }
    logits.resize(labels_.size());
    return logits;
}

std::vector<float> Model::logits_of(std::string_view text) const { return logits_of(GramBag{Sheet{text}.text()}); }

std::vector<float> Model::probabilities_of(std::vector<float> logits) const {
    if (loss_ == Loss::any_of) {
        for (float& one : logits) one = 1 / (1 + std::exp(-one / temperature_));
        return logits;
    }
    const float most = std::ranges::max(logits);
    float sum = 0;
    for (float& one : logits) {
        one = std::exp((one - most) / temperature_);
        sum += one;
    }
    for (float& one : logits) one /= sum;
    return logits;
}

std::vector<float> Model::probabilities_of(std::string_view text) const { return probabilities_of(logits_of(text)); }

std::vector<float> Model::evidence_of(const std::vector<Gram>& grams, std::size_t label, std::size_t octets) const {
    std::vector<float> evidence(octets, 0.F);
    const std::size_t labels = labels_.size();
    std::map<std::uint32_t, std::uint32_t> counts;  // by row
    for (const Gram& gram : grams) {
        if (const std::uint32_t row = row_of(gram.key); row != no_row) ++counts[row];
    }
    std::array<float, gram_blocks> squares{};
    const auto value_of = [&](std::uint32_t row) {
        return (1 + std::log(static_cast<float>(counts.at(row)))) * static_cast<float>(idfs_[row]) * idf_unit;
    };
    for (const auto& [row, count] : counts) squares[blocks_[row]] += value_of(row) * value_of(row);
    for (const Gram& gram : grams) {
        const std::uint32_t row = row_of(gram.key);
        if (row == no_row || gram.begin >= gram.end || gram.end > octets) continue;
        const std::int8_t* weights = &weights_[row * labels];
        float mean = 0;
        for (std::size_t i = 0; i < labels; ++i) mean += static_cast<float>(weights[i]);
        const float above = static_cast<float>(weights[label]) - mean / static_cast<float>(labels);
        const float value = value_of(row) * shares_[blocks_[row]] / std::sqrt(squares[blocks_[row]]);
        const float share =
            value * static_cast<float>(scales_[row]) * scale_unit_ * above / static_cast<float>(gram.end - gram.begin);
        for (std::uint32_t at = gram.begin; at < gram.end; ++at) evidence[at] += share;
    }
    return evidence;
}

}  // namespace okpay::triage
