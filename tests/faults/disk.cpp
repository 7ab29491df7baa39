// SPDX-License-Identifier: Apache-2.0
#include "disk.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

#include "base/ensure.hpp"

namespace okpay::faults {

struct Disk::File {
    struct Side {
        bool exists;
        std::int64_t size;
        std::array<char, file_octets_max> octets;
    };
    std::array<char, name_octets_max> name;
    Side seen;     // by whoever reads
    Side durable;  // after a power cut
    bool flush_failed;
};

struct Disk::Write {  // of one sector, or of the size alone
    enum class Kind : std::uint8_t { sector, size };
    std::int64_t at;      // or the new size
    std::uint32_t count;  // octets of the sector that are in the file
    std::uint8_t file;
    Kind kind;
    bool exists;
    std::array<char, sector_octets> octets;
};

// Of zeroes alone when it is new: an untouched page of it costs nothing.
struct Disk::Shared {
    std::array<File, files_max> files;
    std::array<std::int64_t, calls_count> counts, counts_before_closing;
    bool closing;
    std::array<Plan, plans_max> plans;
    Plan met;  // the last
    std::int64_t troubles;
    std::int64_t flushes_after_failure;
    std::size_t writes_count;
    std::array<Write, writes_max> writes;
};

Disk::Disk() {
    void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ensure(memory != MAP_FAILED);
    shared_ = static_cast<Shared*>(memory);
    plan({});
}

Disk::~Disk() { munmap(shared_, sizeof(Shared)); }

void Disk::restore(const Image& image) {
    ensure(image.files.size() <= files_max);
    for (File& file : shared_->files) {
        for (File::Side* side : {&file.seen, &file.durable}) {
            side->exists = false;
            std::memset(side->octets.data(), 0, static_cast<std::size_t>(side->size));
            side->size = 0;
        }
        file.name.fill(0);
        file.flush_failed = false;
    }
    for (std::size_t i = 0; i < image.files.size(); ++i) {
        File& file = shared_->files[i];
        std::ranges::copy(image.files[i].name, file.name.begin());
        for (File::Side* side : {&file.seen, &file.durable}) {
            side->exists = true;
            side->size = static_cast<std::int64_t>(image.files[i].octets.size());
            std::memcpy(side->octets.data(), image.files[i].octets.data(), image.files[i].octets.size());
        }
    }
    shared_->writes_count = 0;
    plan({});
}

Disk::Image Disk::image() const {
    Image image;
    for (const File& file : shared_->files) {
        if (!file.seen.exists) continue;
        image.files.push_back(
            {file.name.data(), std::string{file.seen.octets.data(), static_cast<std::size_t>(file.seen.size)}});
    }
    return image;
}

void Disk::plan(std::span<const Plan> plans) {
    ensure(plans.size() <= plans_max);
    shared_->plans.fill({});
    std::ranges::copy(plans, shared_->plans.begin());
    shared_->counts.fill(0);
    shared_->closing = false;
    shared_->troubles = 0;
    shared_->flushes_after_failure = 0;
    for (File& file : shared_->files) file.flush_failed = false;
}

std::int64_t Disk::count(Call call) const { return shared_->counts[static_cast<std::size_t>(call)]; }
void Disk::mark_closing() {
    shared_->counts_before_closing = shared_->counts;
    shared_->closing = true;
}

std::int64_t Disk::count_before_closing(Call call) const {
    return (shared_->closing ? shared_->counts_before_closing : shared_->counts)[static_cast<std::size_t>(call)];
}

std::int64_t Disk::troubles() const { return shared_->troubles; }
std::int64_t Disk::flushes_after_failure() const { return shared_->flushes_after_failure; }

Trouble Disk::meet(Call call) {
    const std::int64_t nth = ++shared_->counts[static_cast<std::size_t>(call)];
    for (const Plan& plan : shared_->plans) {
        if (plan.trouble == Trouble::none || plan.call != call || nth < plan.first || nth >= plan.first + plan.times)
            continue;
        shared_->met = plan;
        if (plan.trouble != Trouble::no_room) ++shared_->troubles;  // that one depends on the write
        if (plan.trouble == Trouble::power_cut_before) std::_Exit(power_cut_status);
        return plan.trouble;
    }
    return Trouble::none;
}

void Disk::make_durable(const Write& write) {
    File::Side& durable = shared_->files[write.file].durable;
    durable.exists = write.exists;
    if (write.kind == Write::Kind::size) {
        if (write.at < durable.size) {
            std::memset(durable.octets.data() + write.at, 0, static_cast<std::size_t>(durable.size - write.at));
        }
        durable.size = write.at;
        return;
    }
    std::memcpy(durable.octets.data() + write.at, write.octets.data(), write.count);
    durable.size = std::max(durable.size, write.at + static_cast<std::int64_t>(write.count));
}

template <class Keep>
void Disk::settle(int file, Keep keep) {
    std::size_t left = 0;
    for (std::size_t i = 0; i < shared_->writes_count; ++i) {
        const Write& write = shared_->writes[i];
        if (file >= 0 && write.file != file) {
            if (left != i) shared_->writes[left] = write;
            ++left;
        } else if (keep(i)) {
            make_durable(write);
        }
    }
    shared_->writes_count = left;
}

void Disk::cut_power(std::mt19937_64& random) {
    std::array<std::int64_t, files_max> sizes_before{};
    for (std::size_t i = 0; i < files_max; ++i) sizes_before[i] = shared_->files[i].durable.size;
    const std::size_t all = shared_->writes_count;
    switch (random() % 6) {
    case 0: settle(-1, [](std::size_t) { return false; }); break;
    case 1: settle(-1, [](std::size_t) { return true; }); break;
    case 2: {  // written in order, and stopped
        const std::size_t beginning = random() % (all + 1);
        settle(-1, [&](std::size_t i) { return i < beginning; });
        break;
    }
    case 3: {  // the last first
        const std::size_t end = random() % (all + 1);
        settle(-1, [&](std::size_t i) { return i >= end; });
        break;
    }
    default: {
        const std::uint64_t likely = 1 + random() % 7;
        settle(-1, [&](std::size_t) { return random() % 8 < likely; });
    }
    }
    for (std::size_t i = 0; i < files_max; ++i) {
        File& file = shared_->files[i];
        const std::int64_t grown = file.durable.size - sizes_before[i];
        if (grown > 0 && random() % 2 == 0) {
            const std::int64_t size =
                sizes_before[i] + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(grown));
            std::memset(file.durable.octets.data() + size, 0, static_cast<std::size_t>(file.durable.size - size));
            file.durable.size = size;
        }
        if (!file.durable.exists) {
            std::memset(file.durable.octets.data(), 0, static_cast<std::size_t>(file.durable.size));
            file.durable.size = 0;
        }
        const std::int64_t size = std::max(file.seen.size, file.durable.size);
        std::memcpy(file.seen.octets.data(), file.durable.octets.data(), static_cast<std::size_t>(size));
        file.seen.size = file.durable.size;
        file.seen.exists = file.durable.exists;
    }
}

int Disk::find(std::string_view name) const {
    for (std::size_t i = 0; i < files_max; ++i) {
        const File& file = shared_->files[i];
        if (file.seen.exists && name == file.name.data()) return static_cast<int>(i);
    }
    return -1;
}

Disk::Status Disk::open(std::string_view name, bool create, int& file) {
    if (meet(Call::open) == Trouble::io_error) return Status::io_error;
    file = find(name);
    if (file >= 0) return Status::done;
    if (!create) return Status::io_error;
    ensure(name.size() < name_octets_max);
    // A file of this name that was removed lies where its directory entry still may point.
    for (std::size_t i = 0; i < files_max && file < 0; ++i) {
        if (name == shared_->files[i].name.data()) file = static_cast<int>(i);
    }
    for (std::size_t i = 0; i < files_max && file < 0; ++i) {
        if (shared_->files[i].name.front() == 0) file = static_cast<int>(i);
    }
    ensure(file >= 0);
    File& made = shared_->files[static_cast<std::size_t>(file)];
    std::ranges::copy(name, made.name.begin());
    made.seen.exists = true;
    note_size(file, true);
    return Status::done;
}

Disk::Status Disk::read(int file, std::int64_t at, std::span<char> into, std::size_t& octets) {
    if (meet(Call::read) == Trouble::io_error) return Status::io_error;
    const File::Side& seen = shared_->files[static_cast<std::size_t>(file)].seen;
    octets = at >= seen.size ? 0 : std::min(into.size(), static_cast<std::size_t>(seen.size - at));
    if (octets > 0) std::memcpy(into.data(), seen.octets.data() + at, octets);
    return Status::done;
}

// Each write keeps what its sectors hold after it: a sector that was written twice may be found at either age.
void Disk::note(int file, std::int64_t at, std::span<const char> octets) {
    File::Side& seen = shared_->files[static_cast<std::size_t>(file)].seen;
    const std::int64_t end = at + static_cast<std::int64_t>(octets.size());
    ensure(end <= static_cast<std::int64_t>(file_octets_max));
    if (!octets.empty()) std::memcpy(seen.octets.data() + at, octets.data(), octets.size());
    seen.size = std::max(seen.size, end);
    constexpr auto sector = static_cast<std::int64_t>(sector_octets);
    for (std::int64_t start = at / sector * sector; start < end; start += sector) {
        ensure(shared_->writes_count < writes_max);
        Write& write = shared_->writes[shared_->writes_count++];
        write.file = static_cast<std::uint8_t>(file);
        write.kind = Write::Kind::sector;
        write.exists = true;
        write.at = start;
        write.count = static_cast<std::uint32_t>(std::min(sector, seen.size - start));
        std::memcpy(write.octets.data(), seen.octets.data() + start, write.count);
    }
}

void Disk::note_size(int file, bool exists) {
    ensure(shared_->writes_count < writes_max);
    Write& write = shared_->writes[shared_->writes_count++];
    write.file = static_cast<std::uint8_t>(file);
    write.kind = Write::Kind::size;
    write.exists = exists;
    write.at = shared_->files[static_cast<std::size_t>(file)].seen.size;
}

Disk::Status Disk::write(int file, std::int64_t at, std::span<const char> octets) {
    const bool grows = at + static_cast<std::int64_t>(octets.size()) > size(file);
    switch (meet(Call::write)) {
    case Trouble::io_error: return Status::io_error;
    case Trouble::no_room:
        if (!grows) break;
        ++shared_->troubles;
        return Status::no_room;
    case Trouble::short_write:
        note(file, at, octets.first(static_cast<std::size_t>(shared_->met.seed) % octets.size()));
        return Status::no_room;
    case Trouble::power_cut_after: note(file, at, octets); std::_Exit(power_cut_status);
    case Trouble::none:
    case Trouble::power_cut_before:
    case Trouble::lying_flush: break;
    }
    note(file, at, octets);
    return Status::done;
}

Disk::Status Disk::truncate(int file, std::int64_t size) {
    if (meet(Call::truncate) == Trouble::io_error) return Status::io_error;
    File::Side& seen = shared_->files[static_cast<std::size_t>(file)].seen;
    ensure(size >= 0 && size <= static_cast<std::int64_t>(file_octets_max));
    if (size == seen.size) return Status::done;
    if (size < seen.size) std::memset(seen.octets.data() + size, 0, static_cast<std::size_t>(seen.size - size));
    seen.size = size;
    note_size(file, true);
    return Status::done;
}

Disk::Status Disk::flush(int file) {
    File& flushed = shared_->files[static_cast<std::size_t>(file)];
    if (flushed.flush_failed) ++shared_->flushes_after_failure;
    switch (meet(Call::flush)) {
    case Trouble::io_error: {
        std::mt19937_64 random{shared_->met.seed};
        settle(file, [&](std::size_t) { return random() % 2 == 0; });
        flushed.flush_failed = true;
        return Status::io_error;
    }
    case Trouble::lying_flush: return Status::done;
    case Trouble::power_cut_after: settle(file, [](std::size_t) { return true; }); std::_Exit(power_cut_status);
    case Trouble::none:
    case Trouble::power_cut_before:
    case Trouble::no_room:
    case Trouble::short_write: break;
    }
    settle(file, [](std::size_t) { return true; });
    return Status::done;
}

Disk::Status Disk::remove(std::string_view name, bool flush_directory) {
    if (meet(Call::remove) == Trouble::io_error) return Status::io_error;
    const int file = find(name);
    ensure(file >= 0);
    File::Side& seen = shared_->files[static_cast<std::size_t>(file)].seen;
    std::memset(seen.octets.data(), 0, static_cast<std::size_t>(seen.size));
    seen.exists = false;
    seen.size = 0;
    note_size(file, false);
    if (flush_directory) settle(file, [](std::size_t) { return true; });
    return Status::done;
}

std::int64_t Disk::size(int file) const { return shared_->files[static_cast<std::size_t>(file)].seen.size; }

}  // namespace okpay::faults
