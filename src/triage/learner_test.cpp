// SPDX-License-Identifier: Apache-2.0
#include "triage/learner.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace okpay::triage {
namespace {

// Two topics with words of their own, words that both have, and a share of wrong labels that nobody can learn.
std::vector<Example> topics(std::size_t count, std::uint32_t seed, double wrong) {
    constexpr std::array<std::string_view, 6> cards{"card lost on the bus", "my card was stolen", "block this card",
                                                    "卡丢了请挂失",         "the card is gone",   "我的卡被偷了"};
    constexpr std::array<std::string_view, 6> refunds{"refund has not come", "money back please",  "return my payment",
                                                      "退款没有到账",        "the refund is late", "请把钱退给我"};
    constexpr std::array<std::string_view, 5> talk{"hello there", "you are kind", "good morning", "谢谢", "please be quick"};
    std::mt19937 random{seed};
    std::vector<Example> examples;
    for (std::size_t i = 0; i < count; ++i) {
        const bool card = random() % 2 == 0;
        std::string text{talk[random() % talk.size()]};
        text.append(", ").append(card ? cards[random() % cards.size()] : refunds[random() % refunds.size()]);
        const bool swapped = static_cast<double>(random() % 1'000) < wrong * 1'000;
        examples.push_back({text, {static_cast<std::uint16_t>(card != swapped ? 0 : 1)}, static_cast<std::uint32_t>(i)});
    }
    return examples;
}

Model learnt(std::size_t count = 200, double wrong = 0) { return learn(topics(count, 7, wrong), {"card", "refund"}, {}); }

TEST(Learner, tells_topics_apart_in_words_it_never_saw_in_this_order) {
    const Model model = learnt();
    EXPECT_GT(model.probabilities_of("the stolen card, please block")[0], 0.8F);
    EXPECT_GT(model.probabilities_of("when is my refund")[1], 0.8F);
    EXPECT_GT(model.probabilities_of("退款呢")[1], 0.7F);
    EXPECT_GT(model.probabilities_of("我的卡丟了")[0], 0.7F) << "Traditional characters are the same word";
}

// A word that came with one group alone is chance, however often that group tells it again.
TEST(Learner, counts_groups_and_not_retellings) {
    LearnOptions options;
    options.folds = 0;
    const auto rows_with = [&](std::uint32_t groups) {
        auto examples = topics(200, 7, 0);
        for (std::uint32_t i = 0; i < 6; ++i) examples.push_back({"zeppelin", {0}, 10'000 + i % groups});
        return learn(examples, {"card", "refund"}, options).rows();
    };
    EXPECT_GT(rows_with(options.groups_min), rows_with(options.groups_min - 1));
}

TEST(Learner, gives_the_same_model_bit_for_bit) {
    EXPECT_EQ(learnt().bytes(), learnt().bytes());
    EXPECT_NE(learnt().bytes(), learnt(201).bytes()) << "and another from other texts";
}

TEST(Learner, finds_the_minimum_from_which_no_weight_can_move_without_loss) {
    // With a penalty so large that it wins, all weights are zero and the share of the labels is all that is left.
    LearnOptions options;
    options.penalty = 1e6;
    options.gradient_min = 1e-6;
    options.folds = 0;
    auto examples = topics(100, 3, 0);
    std::size_t cards = 0;
    for (const Example& example : examples) cards += example.labels[0] == 0 ? 1 : 0;
    const Model model = learn(examples, {"card", "refund"}, options);
    EXPECT_NEAR(model.probabilities_of("the card")[0], static_cast<double>(cards) / 100, 0.01);
}

// How far the mean confidence in fresh texts is from the share that is right.
double error_of(const Model& model, std::span<const Example> unseen) {
    double sure = 0;
    double right = 0;
    for (const Example& example : unseen) {
        const auto probabilities = model.probabilities_of(example.text);
        const auto best = static_cast<std::uint16_t>(probabilities[1] > probabilities[0]);
        sure += static_cast<double>(probabilities[best]);
        right += best == example.labels[0] ? 1 : 0;
    }
    return std::abs(sure - right) / static_cast<double>(unseen.size());
}

TEST(Learner, is_as_sure_as_it_is_right) {
    // A quarter of the labels is wrong, each text has odd words by which a loose fit learns the wrong ones by heart.
    const auto with_odd_words = [](std::size_t count, std::uint32_t seed) {
        auto examples = topics(count, seed, 0.25);
        std::mt19937 random{seed + 1};
        for (Example& example : examples) {
            for (int i = 0; i < 4; ++i) {
                example.text += ' ';
                for (int letter = 0; letter < 2; ++letter) example.text += static_cast<char>('a' + random() % 26);
            }
        }
        return examples;
    };
    const auto examples = with_odd_words(500, 7);
    const auto unseen = with_odd_words(500, 99);
    LearnOptions options;
    options.penalty = 0.005;
    const double calibrated = error_of(learn(examples, {"card", "refund"}, options), unseen);
    options.folds = 0;
    const double raw = error_of(learn(examples, {"card", "refund"}, options), unseen);
    EXPECT_LT(calibrated, 0.07);
    EXPECT_GT(raw, calibrated + 0.05);
}

TEST(Learner, several_labels_at_once_are_questions_of_their_own) {
    std::vector<Example> examples;
    for (std::uint32_t i = 0; i < 60; ++i) {
        examples.push_back({"card lost", {0}, 3 * i});
        examples.push_back({"refund late", {1}, 3 * i + 1});
        examples.push_back({i % 2 == 0 ? "card lost and refund late" : "refund late, card lost", {0, 1}, 3 * i + 2});
        examples.push_back({"good morning", {}, 3 * i});
    }
    LearnOptions options;
    options.loss = Loss::any_of;
    const Model model = learn(examples, {"card", "refund"}, options);
    EXPECT_GT(model.probabilities_of("lost card; late refund")[0], 0.5F);
    EXPECT_GT(model.probabilities_of("lost card; late refund")[1], 0.5F);
    EXPECT_LT(model.probabilities_of("good morning")[0], 0.2F);
}

TEST(Model, comes_back_from_its_bytes) {
    const Model model = learnt();
    const auto again = Model::parse(model.bytes());
    ASSERT_TRUE(again);
    EXPECT_EQ(again->bytes(), model.bytes());
    EXPECT_EQ(again->probabilities_of("card lost"), model.probabilities_of("card lost"));
    EXPECT_EQ(again->labels(), (std::vector<std::string>{"card", "refund"}));
}

TEST(Model, a_broken_file_is_no_model) {
    const std::string bytes = learnt(40).bytes();
    for (std::size_t size = 0; size < bytes.size(); size += 7) EXPECT_FALSE(Model::parse(bytes.substr(0, size))) << size;
    EXPECT_FALSE(Model::parse(bytes + "x"));
    std::mt19937 random{5};
    for (int i = 0; i < 300; ++i) {  // never more than a wrong answer
        std::string changed = bytes;
        changed[random() % std::min<std::size_t>(changed.size(), 120)] = static_cast<char>(random());
        if (const auto model = Model::parse(changed))
            EXPECT_EQ(model->probabilities_of("card lost").size(), model->labels().size());
    }
}

}  // namespace
}  // namespace okpay::triage
