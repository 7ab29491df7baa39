# SPDX-License-Identifier: Apache-2.0
# cmake -DFROM=directory -DTO=file.cpp -P embed_faq.cmake: the articles that come with the program, as
# okpay::server::starter_faq().
file(GLOB articles "${FROM}/*.md")
list(SORT articles)
set(arrays "")
set(entries "")
set(number 0)
foreach(article IN LISTS articles)
  file(READ "${article}" octets HEX)
  string(REGEX REPLACE "(................................................................)" "\\1\n" octets "${octets}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," octets "${octets}")
  get_filename_component(name "${article}" NAME)
  string(APPEND arrays "constexpr char octets_${number}[] = {\n${octets}};\n")
  string(APPEND entries "    StarterArticle{\"${name}\", {octets_${number}, sizeof octets_${number}}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE "${TO}" "// SPDX-License-Identifier: Apache-2.0
#include \"server/faq_files.hpp\"

namespace okpay::server {
namespace {
${arrays}
constexpr StarterArticle articles[] = {
${entries}};
}  // namespace

std::span<const StarterArticle> starter_faq() { return articles; }

}  // namespace okpay::server
")
