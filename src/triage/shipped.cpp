// SPDX-License-Identifier: Apache-2.0
#include "triage/shipped.hpp"

#include "base/ensure.hpp"

extern "C" {
extern const char okpay_triage_model_begin[];  // model_data.cpp.in
extern const char okpay_triage_model_end[];
extern const char okpay_triage_training_begin[];  // training_data.cpp.in
extern const char okpay_triage_training_end[];
}

namespace okpay::triage {

std::string_view shipped_model_bytes() {
    return {okpay_triage_model_begin, static_cast<std::size_t>(okpay_triage_model_end - okpay_triage_model_begin)};
}

std::string_view shipped_training() {
    return {okpay_triage_training_begin, static_cast<std::size_t>(okpay_triage_training_end - okpay_triage_training_begin)};
}

std::optional<Model> model_of_categories(std::string_view bytes) {
    auto model = Model::parse(bytes);
    if (!model || model->labels() != shipped_model().labels()) return std::nullopt;
    return model;
}

const Model& shipped_model() {
    static const Model model = [] {
        auto parsed = Model::parse(shipped_model_bytes());
        ensure(parsed.has_value());  // the build made it with this very code
        return *std::move(parsed);
    }();
    return model;
}

}  // namespace okpay::triage
