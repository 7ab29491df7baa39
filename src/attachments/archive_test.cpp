// SPDX-License-Identifier: Apache-2.0
// Archives as they come, hostile ones first: each limit has its answer, nothing is believed, nothing is unpacked to disk.
#include "attachments/archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>

#include <array>
#include <random>

namespace okpay::attachments {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct Put {
    std::string name;
    std::string content;
    bool folder = false;
    std::string link = {};
};

// What libarchive writes.
class Made {
public:
    Made(int format, int filter, const char* options = nullptr) : a_{archive_write_new()} {
        EXPECT_EQ(archive_write_set_format(a_, format), ARCHIVE_OK);
        archive_write_add_filter(a_, filter);
        if (options != nullptr) {
            archive_write_set_passphrase(a_, "geheim");
            EXPECT_EQ(archive_write_set_options(a_, options), ARCHIVE_OK) << archive_error_string(a_);
        }
        archive_write_set_bytes_per_block(a_, 0);
        EXPECT_EQ(archive_write_open(
                      a_, &octets_, nullptr,
                      [](archive*, void* to, const void* data, std::size_t size) -> la_ssize_t {
                          static_cast<Bytes*>(to)->append(static_cast<const char*>(data), size);
                          return static_cast<la_ssize_t>(size);
                      },
                      nullptr),
                  ARCHIVE_OK);
    }
    Bytes of(const std::vector<Put>& puts) && {
        for (const Put& put : puts) {
            archive_entry* entry = archive_entry_new();
            archive_entry_set_pathname(entry, put.name.c_str());
            archive_entry_set_filetype(entry, put.folder ? AE_IFDIR : put.link.empty() ? AE_IFREG : AE_IFLNK);
            archive_entry_set_perm(entry, 0644);
            archive_entry_set_size(entry, static_cast<la_int64_t>(put.content.size()));
            if (!put.link.empty()) archive_entry_set_symlink(entry, put.link.c_str());
            EXPECT_GE(archive_write_header(a_, entry), ARCHIVE_WARN) << archive_error_string(a_);
            archive_write_data(a_, put.content.data(), put.content.size());
            archive_entry_free(entry);
        }
        EXPECT_EQ(archive_write_close(a_), ARCHIVE_OK);
        archive_write_free(a_);
        return std::move(octets_);
    }

private:
    Bytes octets_;
    archive* a_;
};
Bytes zip_of(const std::vector<Put>& puts) { return Made{ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE}.of(puts); }
Bytes tar_gz_of(const std::vector<Put>& puts) {
    return Made{ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, ARCHIVE_FILTER_GZIP}.of(puts);
}
Bytes seven_zip_of(const std::vector<Put>& puts) { return Made{ARCHIVE_FORMAT_7ZIP, ARCHIVE_FILTER_NONE}.of(puts); }

// RAR 5 with stored files, which libarchive reads and does not write (format: https://www.rarlab.com/technote.htm).
std::uint32_t crc32_of(ByteView octets) {
    std::uint32_t crc = 0xFFFFFFFFU;
    for (const char c : octets) {
        crc ^= static_cast<unsigned char>(c);
        for (int i = 0; i < 8; ++i) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
    }
    return ~crc;
}
void append_le32(Bytes& to, std::uint32_t value) {
    for (unsigned i = 0; i < 4; ++i) to += static_cast<char>(value >> (8 * i) & 0xFFU);
}
Bytes rar_block(const Bytes& body) {
    const Bytes sized = static_cast<char>(body.size()) + body;
    Bytes block;
    append_le32(block, crc32_of(sized));
    return block + sized;
}
Bytes rar_of(std::string_view name, std::string_view content) {
    using namespace std::string_literals;
    Bytes file = "\x02\x02"s;  // a file, with data behind it
    file += static_cast<char>(content.size());
    file += "\x04"s;  // a checksum is given
    file += static_cast<char>(content.size());
    file += "\x20"s;  // attributes
    append_le32(file, crc32_of(content));
    file += "\0\0"s;  // stored; of Windows
    file += static_cast<char>(name.size());
    file += name;
    return "Rar!\x1a\x07\x01\0"s + rar_block("\x01\0\0"s) + rar_block(file) + Bytes{content} + rar_block("\x05\0\0"s);
}

std::vector<std::string> names_of(const Listing& listing) {
    std::vector<std::string> names;
    for (const ArchiveEntry& entry : listing.entries) names.push_back(std::string(entry.depth, '>') + entry.name);
    return names;
}

class Archive : public ::testing::Test {
protected:
    static void SetUpTestSuite() { warm_up(); }
};

TEST_F(Archive, is_listed_whatever_its_format) {
    const std::vector<Put> puts{{"folder/", "", true}, {"folder/receipt.txt", "paid"}, {"收据.pdf", "%PDF-1.4"}};
    const struct {
        const char* what;
        Bytes octets;
        FileType type;
    } cases[]{{"zip", zip_of(puts), FileType::zip},
              {"tar.gz", tar_gz_of(puts), FileType::gzip},
              {"tar", Made{ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE}.of(puts), FileType::tar},
              {"tar.xz", Made{ARCHIVE_FORMAT_TAR_GNUTAR, ARCHIVE_FILTER_XZ}.of(puts), FileType::xz},
              {"tar.bz2", Made{ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_BZIP2}.of(puts), FileType::bzip2},
              {"7z", seven_zip_of(puts), FileType::seven_zip}};
    for (const auto& [what, octets, type] : cases) {
        EXPECT_EQ(type_of(octets), type) << what;
        EXPECT_TRUE(is_archive(type)) << what;
        const Listing listing = list_archive(octets, "a");
        EXPECT_EQ(listing.state, ListingState::whole) << what;
        ASSERT_THAT(listing.entries, SizeIs(3)) << what;
        EXPECT_EQ(listing.entries_found, 3U) << what;
        std::vector<std::string> names = names_of(listing);
        EXPECT_THAT(names, Contains("folder/receipt.txt")) << what;
        EXPECT_THAT(names, Contains("收据.pdf")) << what;
        for (const ArchiveEntry& entry : listing.entries) {
            if (entry.name == "folder/receipt.txt") EXPECT_EQ(entry.size_octets, 4U) << what;
            EXPECT_EQ(entry.is_folder, entry.name.ends_with('/') || entry.name == "folder") << what << entry.name;
        }
        EXPECT_TRUE(listing.risks.none()) << what;
    }
    const Bytes rar = rar_of("receipt.txt", "paid");
    EXPECT_EQ(type_of(rar), FileType::rar);
    const Listing listing = list_archive(rar, "a.rar");
    EXPECT_EQ(listing.state, ListingState::whole);
    EXPECT_THAT(names_of(listing), ElementsAre("receipt.txt"));
    EXPECT_EQ(listing.entries.at(0).size_octets, 4U);
}

TEST_F(Archive, that_is_one_compressed_file_has_its_name_and_size) {
    const Bytes gz = Made{ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_GZIP}.of({{"x", std::string(5'000, 'a')}});
    const Listing listing = list_archive(gz, "log.js.gz");
    EXPECT_EQ(listing.state, ListingState::whole);
    ASSERT_THAT(names_of(listing), ElementsAre("log.js"));
    EXPECT_EQ(listing.entries[0].size_octets, 5'000U);
    EXPECT_TRUE(listing.entries[0].risks.has(Risk::script));
    EXPECT_EQ(list_archive("only words, no archive", "a.zip").state, ListingState::broken);
    EXPECT_EQ(list_archive("", "a.zip").state, ListingState::broken);
}

TEST_F(Archive, warns_of_what_is_in_it) {
    const Listing listing = list_archive(zip_of({{"invoice.pdf.exe", "MZ"},
                                                 {"a.lnk", "L"},
                                                 {"sheet.xlsm", "PK"},
                                                 {"word/vbaProject.bin", "v"},
                                                 {"run.ps1", "rm"},
                                                 {"page.html", "<html>"},
                                                 {"../../etc/cron.d/x", "* * *"},
                                                 {"/etc/passwd", "root"},
                                                 {"C:\\Windows\\evil.dll", "MZ"},
                                                 {"photo\xE2\x80\xAEgpj.scr", "MZ"},
                                                 {"harmless.txt", "words"}}),
                                         "a.zip");
    ASSERT_THAT(listing.entries, SizeIs(11));
    const auto risks = [&](std::size_t i) { return listing.entries[i].risks.list(); };
    EXPECT_THAT(risks(0), ElementsAre(Risk::program, Risk::double_extension));
    EXPECT_THAT(risks(1), ElementsAre(Risk::shortcut));
    EXPECT_THAT(risks(2), ElementsAre(Risk::macros));
    EXPECT_THAT(risks(3), ElementsAre(Risk::macros));
    EXPECT_THAT(risks(4), ElementsAre(Risk::script));
    EXPECT_THAT(risks(5), ElementsAre(Risk::web_page));
    EXPECT_THAT(risks(6), ElementsAre(Risk::outside_path));
    EXPECT_EQ(listing.entries[6].name, "../../etc/cron.d/x") << "shown as it is";
    EXPECT_THAT(risks(7), ElementsAre(Risk::outside_path));
    EXPECT_THAT(risks(8), ElementsAre(Risk::program, Risk::outside_path));
    EXPECT_EQ(listing.entries[8].name, "C:/Windows/evil.dll");
    EXPECT_THAT(risks(9), ElementsAre(Risk::program, Risk::hidden_characters));
    EXPECT_EQ(listing.entries[9].name, "photogpj.scr");
    EXPECT_THAT(risks(10), IsEmpty());
    for (const Risk risk : {Risk::program, Risk::macros, Risk::outside_path, Risk::hidden_characters})
        EXPECT_TRUE(listing.risks.has(risk)) << name_of(risk);
    EXPECT_FALSE(listing.risks.has(Risk::encrypted));
    const Listing link = list_archive(tar_gz_of({{"x", "", false, "../../.ssh/authorized_keys"}}), "a.tar.gz");
    EXPECT_TRUE(link.entries.at(0).risks.has(Risk::outside_path)) << "a link leads there too";
}

TEST_F(Archive, says_what_is_encrypted) {
    for (const char* how : {"zip:encryption=zipcrypt", "zip:encryption=aes256"}) {
        const Bytes locked =
            Made{ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, how}.of({{"salary.txt", "much"}, {"in.zip", "PK"}});
        const Listing listing = list_archive(locked, "a.zip");
        EXPECT_EQ(listing.state, ListingState::whole) << how;
        ASSERT_THAT(names_of(listing), ElementsAre("salary.txt", "in.zip")) << how;
        EXPECT_TRUE(listing.entries[0].risks.has(Risk::encrypted)) << how;
        EXPECT_TRUE(listing.risks.has(Risk::encrypted)) << how;
    }
}

TEST_F(Archive, lists_archives_in_it_one_level_deep) {
    const Bytes deepest = zip_of({{"virus.exe", "MZ"}});
    const Bytes inner = tar_gz_of({{"run.js", "1"}, {"deepest.zip", deepest}});
    const Listing listing = list_archive(zip_of({{"a.txt", "a"}, {"inner.tgz", inner}, {"b.txt", "b"}}), "outer.zip");
    EXPECT_EQ(listing.state, ListingState::whole);
    EXPECT_THAT(names_of(listing), ElementsAre("a.txt", "inner.tgz", ">run.js", ">deepest.zip", "b.txt"));
    EXPECT_TRUE(listing.entries[2].risks.has(Risk::script));
    EXPECT_TRUE(listing.entries[3].risks.has(Risk::deeper_archive));
    EXPECT_TRUE(listing.risks.has(Risk::deeper_archive));
    EXPECT_FALSE(listing.risks.has(Risk::program)) << "that deep nothing is opened";
    const Listing large = list_archive(zip_of({{"inner.tgz", inner}}), "outer.zip", {.inner_octets_max = inner.size() - 1});
    EXPECT_THAT(names_of(large), ElementsAre("inner.tgz"));
    EXPECT_TRUE(large.entries[0].risks.has(Risk::not_looked_into));
    const std::vector<Put> many(12, Put{"x.zip", deepest});
    const Listing few = list_archive(zip_of(many), "outer.zip", {.inner_archives_max = 3});
    EXPECT_THAT(few.entries, SizeIs(15));
    EXPECT_TRUE(few.risks.has(Risk::not_looked_into));
    const Listing lying = list_archive(zip_of({{"no.zip", "words"}}), "outer.zip");
    EXPECT_TRUE(lying.entries.at(0).risks.has(Risk::not_looked_into)) << "its name says an archive, it is none";
}

TEST_F(Archive, knows_documents_of_office_programs_and_their_macros) {
    const Listing plain =
        list_archive(zip_of({{"[Content_Types].xml", "<Types/>"}, {"word/document.xml", "<w/>"}}), "letter.docx");
    EXPECT_TRUE(plain.is_office);
    EXPECT_TRUE(plain.risks.none());
    const Listing macros =
        list_archive(zip_of({{"[Content_Types].xml", "<Types/>"}, {"word/vbaProject.bin", "v"}}), "letter.docx");
    EXPECT_TRUE(macros.is_office);
    EXPECT_TRUE(macros.risks.has(Risk::macros)) << "whatever its name says";
}

TEST_F(Archive, bombs_are_told_and_cost_little) {
    const ListLimits limits{.unpacked_octets_max = 2U << 20U, .bomb_octets_min = 1U << 20U};
    const std::string zeros(1U << 20U, '\0');
    const Listing zip = list_archive(zip_of({{"zeros", zeros}}), "bomb.zip", limits);
    EXPECT_EQ(zip.state, ListingState::whole);
    EXPECT_TRUE(zip.risks.has(Risk::bomb));
    EXPECT_FALSE(list_archive(zip_of({{"zeros", zeros}}), "a.zip").risks.has(Risk::bomb)) << "a MiB hurts nobody";
    const std::vector<Put> four{{"1", zeros}, {"2", zeros}, {"3", zeros}, {"4", zeros}, {"evil.exe", "MZ"}};
    for (const auto& [what, octets] :
         {std::pair{"tar.gz", tar_gz_of(four)},
          std::pair{"gz", Made{ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_GZIP}.of({{"x", zeros + zeros + zeros}})}}) {
        const Listing listing = list_archive(octets, "bomb.gz", limits);
        EXPECT_EQ(listing.state, ListingState::cut) << what << ": nothing is unpacked beyond the limit";
        EXPECT_TRUE(listing.risks.has(Risk::bomb)) << what;
        EXPECT_TRUE(listing.risks.has(Risk::not_looked_into)) << what;
        EXPECT_GE(listing.unpacked_octets, limits.unpacked_octets_max) << what;
        EXPECT_FALSE(listing.risks.has(Risk::program)) << what;
    }
    EXPECT_TRUE(list_archive(seven_zip_of({{"zeros", zeros}}), "bomb.7z", limits).risks.has(Risk::bomb));
    EXPECT_TRUE(list_archive(zip_of({{"bomb.tgz", tar_gz_of(four)}}), "a.zip", limits).risks.has(Risk::bomb));
    // What it says may be a lie of any size.
    Bytes lie = zip_of({{"a", "1"}, {"b", "2"}, {"c", "3"}});
    for (const auto& [mark, size_at] : {std::pair{"PK\x01\x02", 24U}, std::pair{"PK\x03\x04", 22U}}) {
        for (std::size_t at = lie.find(mark); at != Bytes::npos; at = lie.find(mark, at + 4))
            lie.replace(at + size_at, 4, "\xfe\xff\xff\xff", 4);
    }
    const Listing told = list_archive(lie, "lie.zip");
    EXPECT_EQ(told.unpacked_octets, 3 * 0xFFFFFFFEULL);
    EXPECT_TRUE(told.risks.has(Risk::bomb));
}

TEST_F(Archive, holds_its_limits_by_name) {
    std::vector<Put> many;
    for (int i = 0; i < 30; ++i) many.push_back({"file" + std::to_string(i), "x"});
    many.push_back({"last.exe", "MZ"});
    const Bytes octets = zip_of(many);
    const Listing shown = list_archive(octets, "a.zip", {.entries_listed_max = 10});
    EXPECT_EQ(shown.state, ListingState::cut);
    EXPECT_THAT(shown.entries, SizeIs(10));
    EXPECT_EQ(shown.entries_found, 31U);
    EXPECT_TRUE(shown.risks.has(Risk::program)) << "what is not shown is warned of";
    const Listing counted = list_archive(octets, "a.zip", {.entries_counted_max = 20});
    EXPECT_EQ(counted.state, ListingState::cut);
    EXPECT_EQ(counted.entries_found, 20U);
    const Listing whole = list_archive(octets, "a.zip", {.entries_listed_max = 31});
    EXPECT_EQ(whole.state, ListingState::whole);
    const Listing large = list_archive(octets, "a.zip", {.archive_octets_max = octets.size() - 1});
    EXPECT_EQ(large.state, ListingState::too_large);
    EXPECT_THAT(large.entries, IsEmpty());
    EXPECT_TRUE(large.risks.has(Risk::not_looked_into));
    const std::string long_name = std::string(400, 'n') + ".exe";
    const Listing named = list_archive(zip_of({{long_name, "MZ"}}), "a.zip");
    EXPECT_LE(named.entries.at(0).name.size(), shown_name_octets_max);
    EXPECT_THAT(named.entries.at(0).name, HasSubstr("…"));
    EXPECT_TRUE(named.entries.at(0).risks.has(Risk::program)) << "a name that is cut is judged by its end";
}

TEST_F(Archive, that_is_cut_or_damaged_anywhere_is_listed_as_far_as_it_goes_and_never_lies_about_it) {
    const std::vector<Put> puts{{"one.txt", std::string(3'000, 'a')},
                                {"two.js", "b"},
                                {"in.zip", zip_of({{"x.exe", "MZ"}})}};
    std::mt19937 dice{20'261};
    for (const auto& [what, octets] : {std::pair{"zip", zip_of(puts)}, std::pair{"tar.gz", tar_gz_of(puts)},
                                       std::pair{"7z", seven_zip_of(puts)}, std::pair{"rar", rar_of("one.txt", "paid")},
                                       std::pair{"tar", Made{ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE}.of(puts)}}) {
        const std::size_t step = std::max<std::size_t>(1, octets.size() / 100);
        for (std::size_t cut = 0; cut < octets.size(); cut += step) {
            const Listing listing = list_archive(octets.substr(0, cut), "a");
            EXPECT_LE(listing.entries.size(), 4U) << what << " cut at " << cut;
            for (const ArchiveEntry& entry : listing.entries) EXPECT_LE(entry.name.size(), shown_name_octets_max);
        }
        EXPECT_NE(list_archive(octets.substr(0, octets.size() / 2), "a").state, ListingState::whole) << what;
        for (int round = 0; round < 500; ++round) {
            Bytes changed = octets;
            for (int i = 0; i < 3; ++i) changed[dice() % changed.size()] = static_cast<char>(dice());
            const Listing listing = list_archive(changed, "a");
            EXPECT_LE(listing.entries.size(), ListLimits{}.entries_listed_max) << what;
            for (const ArchiveEntry& entry : listing.entries) EXPECT_LE(entry.name.size(), shown_name_octets_max) << what;
        }
    }
}

}  // namespace
}  // namespace okpay::attachments
