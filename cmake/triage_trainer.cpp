// SPDX-License-Identifier: Apache-2.0
// Run by the build: triage_trainer MODEL FILE… learns the categories' model from the training text.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "triage/training.hpp"

int main(int count, char** arguments) {
    if (count < 3) {
        std::fputs("usage: triage_trainer MODEL FILE...\n", stderr);
        return 2;
    }
    const std::vector<std::string> names(arguments + 2, arguments + count);
    std::vector<okpay::triage::Example> examples;
    for (const std::string& name : names) {
        std::ifstream file{name, std::ios::binary};
        if (!file) {
            std::fprintf(stderr, "%s cannot be read\n", name.c_str());
            return 1;
        }
        const std::string text{std::istreambuf_iterator<char>{file}, {}};
        if (const auto fault = okpay::triage::append_examples(text, examples)) {
            std::fprintf(stderr, "%s:%zu: %.*s\n", name.c_str(), fault->line, static_cast<int>(fault->what.size()),
                         fault->what.data());
            return 1;
        }
    }
    const std::string model = okpay::triage::learn_categories(examples).bytes();
    std::ofstream to{arguments[1], std::ios::binary};
    to.write(model.data(), static_cast<std::streamsize>(model.size()));
    to.close();
    return to ? 0 : 1;
}
