// SPDX-License-Identifier: Apache-2.0
// What the learner learnt (learner.hpp): for each known feature its rarity and one small weight per label. Made by
// `learn` or `parse`, never changed, safe from any thread.
//   File   "OKTM", version, labels, temperature, shares, rows (32-bit key, idf and scale as 16-bit, weights as 8-bit),
//          all little-endian. A key is the low half of a feature's 64 bits: with 80,000 rows one unknown feature in
//          50,000 is taken for a known one, which moves a probability by less than its last digit.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace okpay::triage {

struct Gram;    // impl/grams.hpp
class GramBag;  // impl/grams.hpp

enum class Loss : std::uint8_t { one_of, any_of };
using BlockShares = std::array<float, 3>;  // of words, pieces and concepts in a text's length

class Model {
public:
    static std::optional<Model> parse(std::string_view bytes);  // none: no such file, or a broken one
    [[nodiscard]] std::string bytes() const;

    [[nodiscard]] const std::vector<std::string>& labels() const { return labels_; }
    [[nodiscard]] std::size_t rows() const { return keys_.size(); }
    [[nodiscard]] double temperature() const { return temperature_; }

    // Of a text as written. Logits before the temperature; probabilities after it.
    [[nodiscard]] std::vector<float> logits_of(std::string_view text) const;
    [[nodiscard]] std::vector<float> probabilities_of(std::string_view text) const;

    // Of features that the caller found in folded text.
    [[nodiscard]] std::vector<float> logits_of(const GramBag& grams) const;
    [[nodiscard]] std::vector<float> probabilities_of(std::vector<float> logits) const;

    // How much each octet of the folded text speaks for `label` against the mean of all labels.
    [[nodiscard]] std::vector<float> evidence_of(const std::vector<Gram>& grams, std::size_t label,
                                                 std::size_t octets) const;

private:
    friend class ModelMaker;
    Model() = default;
    void index_keys();
    [[nodiscard]] std::uint32_t row_of(std::uint64_t key) const;  // no_row where it is unknown

    static constexpr std::uint32_t no_row = 0xFFFFFFFFU;
    static constexpr float idf_unit = 1.F / 4096;

    // A row as a choice reads it: what stands before its weights, one after the other in one stretch of memory.
    struct Head {
        std::uint16_t idf, scale;
        std::uint8_t block;
    };
    static constexpr std::size_t head_octets = 8;
    static constexpr std::size_t record_alignment = 32;
    struct alignas(record_alignment) Stretch {
        std::array<std::int8_t, record_alignment> octets;
    };
    [[nodiscard]] const std::int8_t* record_of(std::uint32_t row) const;
    [[nodiscard]] Head head_of(std::uint32_t row) const;
    [[nodiscard]] std::size_t columns() const;

    Loss loss_ = Loss::one_of;
    float temperature_ = 1;
    BlockShares shares_{1, 1, 1};
    float scale_unit_ = 1;
    std::vector<std::string> labels_;
    std::vector<float> biases_;
    std::vector<std::uint32_t> keys_;
    std::vector<std::uint8_t> blocks_;
    std::vector<std::uint16_t> idfs_, scales_;
    std::vector<std::int8_t> weights_;       // row by row
    struct Slot {
        std::uint32_t key, row;
    };
    std::vector<Slot> slots_;                // open addressing over keys_, a power of two
    std::size_t stretches_per_row_ = 1;
    std::vector<Stretch> records_;           // the same rows again, for reading
};

}  // namespace okpay::triage
