// SPDX-License-Identifier: Apache-2.0
// The house that every run begins with: its people, on a disk, at rest. Made once for the program.
#pragma once

#include "disk.hpp"
#include "model.hpp"
#include "service/handlers.hpp"

namespace okpay::simulator {

struct Founding {
    House house;
    faults::Disk::Image image;
};

service::Context house_context();
const Founding& founding();

}  // namespace okpay::simulator
