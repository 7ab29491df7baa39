// SPDX-License-Identifier: Apache-2.0
#include "server/options.hpp"

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace okpay::server {
namespace {

class File {
public:
    explicit File(std::string_view text) {
        std::string name = (std::filesystem::temp_directory_path() / "okpay-options-XXXXXX").string();
        const int opened = mkstemp(name.data());
        EXPECT_GE(opened, 0);
        path_ = name;
        std::ofstream{path_} << text;
    }
    ~File() { std::filesystem::remove(path_); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    [[nodiscard]] std::string path() const { return path_.string(); }

private:
    std::filesystem::path path_;
};

// As `okpay verify` and `okpay admin staff add` read it.
std::vector<std::string> words_of_a_data_verb(const File& file) {
    Options options;
    CLI::App verb;
    add_data_options(verb, options);
    return with_file_and_environment(verb, {"--config", file.path()});
}

TEST(Options, one_file_serves_every_verb) {
    const File file{"domain = \"pay.example\"\ndata = \"/var/lib/okpay/data\"\nhttp = \"127.0.0.1:8080\"\n"};
    const auto words = words_of_a_data_verb(file);
    EXPECT_NE(std::ranges::find(words, "--data=/var/lib/okpay/data"), words.end());
    EXPECT_TRUE(std::ranges::none_of(words, [](const std::string& word) { return word.starts_with("--domain"); }));
}

TEST(Options, a_key_that_no_verb_knows_names_its_line) {
    const File file{"data = \"x\"\ndoman = \"pay.example\"\n"};
    try {
        words_of_a_data_verb(file);
        ADD_FAILURE() << "the misspelt key was passed over";
    } catch (const UsageError& error) {
        EXPECT_NE(std::string_view{error.what()}.find(":2: unknown key \"doman\""), std::string_view::npos) << error.what();
    }
}

}  // namespace
}  // namespace okpay::server
