// SPDX-License-Identifier: Apache-2.0
#include "server/faq_files.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>

#include "base/clock.hpp"
#include "desk/faq.hpp"
#include "server/command_door.hpp"
#include "service/traditional.hpp"

namespace okpay::server {
namespace {

namespace fs = std::filesystem;

struct Read {
    std::string name;
    service::ImportedFaqArticle article;
};

// Of directories the files that end in .md, README.md aside.
std::vector<fs::path> files_of(const std::vector<std::string>& paths, std::vector<std::string>& faults) {
    std::vector<fs::path> files;
    for (const std::string& path : paths) {
        std::error_code error;
        if (!fs::is_directory(path, error)) {
            files.emplace_back(path);
            continue;
        }
        std::vector<fs::path> found;
        for (fs::recursive_directory_iterator at{path, error}, end; !error && at != end; at.increment(error)) {
            const fs::path& file = at->path();
            if (at->is_regular_file() && file.extension() == ".md" && file.filename() != "README.md") found.push_back(file);
        }
        if (error) faults.push_back(fmt::format("{}: {}", path, error.message()));
        std::ranges::sort(found);
        files.insert(files.end(), found.begin(), found.end());
    }
    return files;
}

std::vector<Read> read_all(const std::vector<std::string>& paths, std::vector<std::string>& faults) {
    std::vector<Read> articles;
    std::map<std::pair<std::string, std::string>, std::string> seen;
    for (const fs::path& path : files_of(paths, faults)) {
        std::ifstream file{path, std::ios::binary};
        std::string octets(desk::faq_file_octets_max + 1, '\0');
        file.read(octets.data(), static_cast<std::streamsize>(octets.size()));
        octets.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
        if (!file.is_open() || file.bad()) {
            faults.push_back(path.string() + ": cannot be read");
            continue;
        }
        auto article = faq_article_of(path.string(), octets);
        if (!article) {
            faults.push_back(article.error());
            continue;
        }
        const auto [known, fresh] = seen.try_emplace({article->words.slug, article->words.language}, path.string());
        if (!fresh) {
            faults.push_back(fmt::format("{}:1: {} in {} stands in {} too", path.string(), article->words.slug,
                                         article->words.language, known->second));
            continue;
        }
        articles.push_back({path.string(), *std::move(article)});
    }
    // Sides of one article come in one command, so that they stay in step.
    std::ranges::sort(articles, [](const Read& a, const Read& b) {
        const int order = a.article.words.slug.compare(b.article.words.slug);
        return order != 0 ? order < 0 : a.article.words.language < b.article.words.language;
    });
    return articles;
}

struct Counts {
    std::int64_t read = 0, created = 0, changed = 0, unchanged = 0;
};

void print(const Counts& counts, bool as_json) {
    if (as_json) {
        std::cout << boost::json::serialize(boost::json::object{{"read", counts.read},
                                                                {"created", counts.created},
                                                                {"changed", counts.changed},
                                                                {"unchanged", counts.unchanged}})
                  << "\n";
        return;
    }
    std::cout << fmt::format("read      {:>6}\ncreated   {:>6}\nchanged   {:>6}\nunchanged {:>6}\n", counts.read,
                             counts.created, counts.changed, counts.unchanged);
}

}  // namespace

Result<service::ImportedFaqArticle, std::string> faq_article_of(std::string_view name, std::string_view octets) {
    auto file = desk::parse_faq_file(octets);
    if (!file) return fail(fmt::format("{}:{}: {}", name, file.error().line, file.error().why));
    desk::FaqText& text = file->article;
    service::ImportedFaqArticle article{.words = {.slug = std::move(text.slug),
                                                  .language = std::string{desk::tag_of(text.language)},
                                                  .category = std::move(text.category),
                                                  .title = std::move(text.title),
                                                  .body = std::move(text.body),
                                                  .questions = std::move(text.questions)},
                                        .draft = file->draft};
    service::add_traditional(article.words);
    return article;
}

int import_faq(const Options& options, const ImportOptions& import) {
    std::vector<std::string> faults;
    const std::vector<Read> articles = read_all(import.paths, faults);
    if (articles.empty() && faults.empty()) faults.emplace_back("no file that ends in .md was found");
    if (!faults.empty()) {
        for (const std::string& fault : faults) std::cerr << "okpay: " << fault << "\n";
        std::cerr << "okpay: nothing was imported\n";
        return 1;
    }
    const auto door = CommandDoor::open(options);
    if (!door) {
        std::cerr << "okpay: " << door.error().why << "\n";
        return door.error().exit_status;
    }
    Counts counts{.read = std::ssize(articles)};
    for (std::size_t at = 0; at < articles.size();) {
        service::ImportFaq body;
        while (at < articles.size()) {
            std::size_t end = at;
            while (end < articles.size() && articles[end].article.words.slug == articles[at].article.words.slug) ++end;
            if (body.articles.size() + (end - at) > service::faq_imported_at_once_max) break;
            for (; at < end; ++at) body.articles.push_back(articles[at].article);
        }
        const auto answer = (*door)->ask(service::Service::command(now(), {}, std::move(body)));
        if (const int status = exit_status_of(answer); status != 0) return status;
        for (const std::int64_t outcome : answer->numbers) {
            switch (static_cast<service::FaqOutcome>(outcome)) {
            case service::FaqOutcome::unchanged: ++counts.unchanged; break;
            case service::FaqOutcome::created: ++counts.created; break;
            case service::FaqOutcome::changed: ++counts.changed; break;
            }
        }
    }
    print(counts, import.json);
    return 0;
}

}  // namespace okpay::server
