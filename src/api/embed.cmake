# SPDX-License-Identifier: Apache-2.0
# cmake -DFROM=file -DTO=file.cpp -P embed.cmake: the octets of a file as okpay::api::openapi_document().
file(READ "${FROM}" octets HEX)
string(REGEX REPLACE "(................................................................)" "\\1\n" octets "${octets}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," octets "${octets}")
file(WRITE "${TO}" "// SPDX-License-Identifier: Apache-2.0
#include \"api/site.hpp\"

namespace okpay::api {
namespace {
constexpr char octets[] = {
${octets}};
}  // namespace

std::string_view openapi_document() { return {octets, sizeof octets}; }

}  // namespace okpay::api
")
