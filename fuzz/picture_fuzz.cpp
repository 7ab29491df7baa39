// SPDX-License-Identifier: Apache-2.0
// Any octets: as a file they are a picture within the limits or refused; what is kept of one is a JPEG of ours; as an answer
// of the child they are believed or not, never overrun; as a recogniser's text they give a zone or none, and a number or
// none. The recogniser itself is left out: it is too slow here, and what it says is the text.
#include <cstddef>
#include <cstdint>

#include "base/ensure.hpp"
#include "customers/identity_checks.hpp"
#include "customers/person_name.hpp"
#include "customers/resident_id.hpp"
#include "pictures/job.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace okpay;
    using namespace std::chrono_literals;
    const ByteView octets{reinterpret_cast<const char*>(data), size};
    constexpr customers::Day today = 2026y / std::chrono::November / 28d;

    const auto head = pictures::head_of(octets);
    // A picture that is large and right takes seconds, many times over: small ones find the same faults.
    if (head && std::int64_t{head->width} * head->height <= 1'000'000) {
        if (const auto clean = pictures::clean_picture(octets, false, {})) {
            const auto again = pictures::head_of(clean->jpeg);
            ensure(clean->width <= pictures::kept_side_max && clean->height <= pictures::kept_side_max);
            ensure(clean->jpeg.starts_with("\xFF\xD8\xFF"));
            ensure(!again || (again->width == clean->width && again->orientation == 1));
        }
    }
    static_cast<void>(pictures::clean_answer(octets));
    static_cast<void>(pictures::preview_answer(octets));
    static_cast<void>(pictures::do_job(octets.substr(0, 200), {}));

    if (const auto zone = customers::find_mrz(octets, today)) {
        ensure(zone->checks_held() >= 2);
        if (zone->birth) ensure(std::chrono::sys_days{*zone->birth} <= std::chrono::sys_days{today});
    }
    if (const auto id = customers::find_resident_id(octets, today)) {
        ensure(customers::read_resident_id(id->number, today).fault == customers::ResidentIdFault::none);
    }
    const auto half = octets.substr(0, size / 2), rest = octets.substr(size / 2);
    customers::compare_names(half, rest);
    return 0;
}
