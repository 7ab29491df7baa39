// SPDX-License-Identifier: Apache-2.0
#include "attachments/risk.hpp"

#include <gmock/gmock.h>

#include "base/text.hpp"

namespace okpay::attachments {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::string_literals;

TEST(FileType, is_found_by_content) {
    const struct {
        Bytes octets;
        FileType type;
    } cases[]{{"%PDF-1.7 ...", FileType::pdf},
              {"\x89PNG\r\n\x1a\n...", FileType::png},
              {"RIFF\x10\0\0\0WEBPVP8 "s, FileType::webp},
              {"RIFF\x10\0\0\0WAVE"s, FileType::unknown},
              {"MZ\x90\0"s, FileType::program},
              {"\x7f"
               "ELF\x02",
               FileType::program},
              {"#!/bin/sh\n", FileType::script},
              {"L\0\0\0\x01\x14\x02\0"s, FileType::shortcut},
              {"[InternetShortcut]\r\nURL=", FileType::shortcut},
              {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...", FileType::old_office},
              {"{\\rtf1", FileType::rtf},
              {"  <!DOCTYPE html>", FileType::html},
              {"<?xml version='1.0'?><svg onload=x>", FileType::html},
              {"words, 字\n", FileType::text},
              {std::string(257, '\0') + "ustar", FileType::tar},
              {"", FileType::unknown},
              {"\0\1\2"s, FileType::unknown}};
    for (const auto& [octets, type] : cases) EXPECT_EQ(name_of(type_of(octets)), name_of(type)) << octets;
    for (unsigned i = 0; i <= static_cast<unsigned>(last_file_type); ++i)
        EXPECT_FALSE(name_of(static_cast<FileType>(i)).empty());
}

TEST(Risks, of_a_name_are_those_of_its_end) {
    const struct {
        const char* name;
        std::vector<Risk> risks;
    } cases[]{{"report.pdf", {}},
              {"setup.EXE", {Risk::program}},
              {"setup.exe. .", {Risk::program}},
              {"invoice.pdf.exe", {Risk::program, Risk::double_extension}},
              {"invoice.pdf          .exe", {Risk::program, Risk::double_extension}},
              {"v1.2.exe", {Risk::program}},
              {"photo.jpg.js", {Risk::script, Risk::double_extension}},
              {"folder.exe/readme.txt", {}},
              {"a.docm", {Risk::macros}},
              {"a.html", {Risk::web_page}},
              {"statement.pdf.html", {Risk::web_page, Risk::double_extension}},
              {"a.lnk", {Risk::shortcut}},
              {"page.xht", {Risk::web_page}},
              {"notes.one", {Risk::macros}},
              {"tool.pyw", {Risk::script}},
              {"view.ps1xml", {Risk::script}},
              {"console.msc", {Risk::program}},
              {"start.jnlp", {Risk::program}},
              {"app.msix", {Risk::program}},
              {"app.appx", {Risk::program}},
              {"app.msixbundle", {Risk::program}},
              {"change.mst", {Risk::program}},
              {"setup.application", {Risk::program}},
              {"help.diagcab", {Risk::program}},
              {"exe", {}},
              {"", {}},
              {".", {}}};
    for (const auto& [name, risks] : cases) EXPECT_EQ(risks_of_name(name).list(), risks) << name;
}

TEST(Risks, of_a_file_see_through_its_name) {
    EXPECT_THAT(risks_of_file("photo.jpg", FileType::program, "MZ").list(), ElementsAre(Risk::program, Risk::other_type));
    EXPECT_THAT(risks_of_file("photo.jpg", FileType::png, "\x89PNG").list(), ElementsAre(Risk::other_type));
    EXPECT_THAT(risks_of_file("photo.jpg", FileType::jpeg, "\xff\xd8").list(), IsEmpty());
    EXPECT_THAT(risks_of_file("letter.docx", FileType::zip, "PK").list(), IsEmpty());
    EXPECT_THAT(risks_of_file("letter.docx", FileType::old_office, "x").list(), IsEmpty()) << "with a password";
    const Bytes locked = "\xd0\xcf\x11\xe0"s + "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"s;
    EXPECT_THAT(risks_of_file("letter.docx", FileType::old_office, locked).list(), ElementsAre(Risk::encrypted));
    EXPECT_THAT(risks_of_file("letter.docx", FileType::zip, locked).list(), IsEmpty()) << "words in a document";
    for (const char* old : {"letter.doc", "sheet.XLS", "slides.ppt"}) {
        EXPECT_THAT(risks_of_file(old, FileType::zip, "PK").list(), ElementsAre(Risk::other_type)) << old;
        EXPECT_THAT(risks_of_file(old, FileType::old_office, "x").list(), IsEmpty()) << old;
    }
    EXPECT_THAT(risks_of_file("notes", FileType::script, "#!").list(), ElementsAre(Risk::script));
    EXPECT_THAT(risks_of_file("notes.txt", FileType::script, "#!").list(), ElementsAre(Risk::script, Risk::other_type));
    const Bytes macros = "\xd0\xcf\x11\xe0"s + "_\0V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T\0"s;
    EXPECT_THAT(risks_of_file("old.doc", FileType::old_office, macros).list(), ElementsAre(Risk::macros));
    EXPECT_THAT(risks_of_file("old.doc", FileType::old_office, "nothing").list(), IsEmpty());
    EXPECT_THAT(risks_of_file("empty.pdf", FileType::unknown, "").list(), IsEmpty());
}

TEST(Risks, know_documents_that_are_archives_by_their_names) {
    for (const char* name : {"letter.docm", "a/b.XLSX", "slides.pptx. ", "words.odt"})
        EXPECT_TRUE(is_office_name(name)) << name;
    for (const char* name : {"a.zip", "docx", "a.docx.zip", "old.doc", ""}) EXPECT_FALSE(is_office_name(name)) << name;
}

TEST(Risks, are_a_set_of_known_ones) {
    Risks risks = Risks::of_bits(0xFFFFFFFFU);
    EXPECT_EQ(risks.bits(), Risks::all_bits);
    EXPECT_EQ(risks.list().size(), static_cast<std::size_t>(last_risk) + 1);
    for (const Risk risk : risks.list()) EXPECT_FALSE(name_of(risk).empty());
    EXPECT_TRUE(Risks{}.none());
}

TEST(ShownName, is_one_line_that_hides_nothing) {
    EXPECT_EQ(shown_name("a/b.txt"), (ShownName{"a/b.txt", {}}));
    EXPECT_EQ(shown_name("\xcd\xcb\xbf\xee.txt").text, "退款.txt") << "GB 18030";
    for (const auto& [raw, text] : {std::pair{"a\nb", "ab"}, std::pair{"a\x1b[31mb", "a[31mb"},
                                    std::pair{"evil\xE2\x80\xAE"
                                              "fdp.exe",
                                              "evilfdp.exe"},
                                    std::pair{"zero\xE2\x80\x8Bwidth", "zerowidth"}}) {
        EXPECT_EQ(shown_name(raw).text, text);
        EXPECT_TRUE(shown_name(raw).risks.has(Risk::hidden_characters)) << raw;
    }
    for (const char* path : {"../x", "a/../../x", "/etc/x", "..\\x", "C:\\x", "\\\\server\\share"})
        EXPECT_TRUE(shown_name(path).risks.has(Risk::outside_path)) << path;
    for (const char* path : {"a..b", "...", "a/b", "x:y:z and more"})
        EXPECT_EQ(shown_name(path).risks.has(Risk::outside_path), std::string_view{path}.starts_with("x:")) << path;
    const std::string shown = shown_name(std::string(300, 'x')).text;
    EXPECT_EQ(shown.size(), shown_name_octets_max);
    std::string hostile;
    for (int i = 0; i < 256; ++i) hostile += static_cast<char>(i);
    EXPECT_TRUE(is_utf8(shown_name(hostile).text));
}

}  // namespace
}  // namespace okpay::attachments
