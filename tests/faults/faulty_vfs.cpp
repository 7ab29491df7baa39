// SPDX-License-Identifier: Apache-2.0
#include "faulty_vfs.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <utility>
#include <vector>

#include "base/ensure.hpp"

namespace okpay::faults {
namespace {

// What the connections of this process share of one file: SQLite's five levels of locks on it, and its WAL index.
struct Inode {
    int shared = 0;
    const void* reserved = nullptr;  // whose it is
    const void* pending = nullptr;
    const void* exclusive = nullptr;
    std::vector<std::unique_ptr<char[]>> regions;  // NOLINT(modernize-avoid-c-arrays): octets that SQLite maps as it likes
    std::array<int, SQLITE_SHM_NLOCK> shared_slots{};
    std::array<const void*, SQLITE_SHM_NLOCK> exclusive_slots{};
    int mapped = 0;  // connections
};

}  // namespace

struct FaultyVfs::State {
    Disk& disk;
    std::string name;
    std::map<std::string, Inode, std::less<>> inodes{};  // under the disk's lock
    sqlite3_vfs vfs{};
};

namespace {

using Guard = std::lock_guard<std::mutex>;

struct File {  // SQLite gives the memory and knows the first member alone
    sqlite3_file base;
    FaultyVfs::State* state;
    Inode* inode;
    const char* name;  // of the key in State::inodes
    int number;  // on the disk
    int level;  // SQLITE_LOCK_…
    bool delete_on_close;
    bool maps;
    unsigned shared_slots, exclusive_slots;
};

File& of(sqlite3_file* base) { return *reinterpret_cast<File*>(base); }
FaultyVfs::State& of(sqlite3_vfs* vfs) { return *static_cast<FaultyVfs::State*>(vfs->pAppData); }

int code_of(Disk::Status status, int io_error) {
    switch (status) {
    case Disk::Status::done: return SQLITE_OK;
    case Disk::Status::io_error: return io_error;
    case Disk::Status::no_room: return SQLITE_FULL;
    }
    std::abort();
}

void unlock_to(File& file, int level) {
    Inode& inode = *file.inode;
    if (level < SQLITE_LOCK_RESERVED) {
        for (const void** owner : {&inode.reserved, &inode.pending, &inode.exclusive}) {
            if (*owner == &file) *owner = nullptr;
        }
    }
    if (level == SQLITE_LOCK_NONE && file.level >= SQLITE_LOCK_SHARED) --inode.shared;
    file.level = std::min(file.level, level);
}

int close(sqlite3_file* base) {
    File& file = of(base);
    const Guard guard{file.state->disk.lock()};
    unlock_to(file, SQLITE_LOCK_NONE);
    if (file.delete_on_close) file.state->disk.remove(file.name, false);
    return SQLITE_OK;
}

int read(sqlite3_file* base, void* into, int count, sqlite3_int64 at) {
    File& file = of(base);
    const Guard guard{file.state->disk.lock()};
    const std::span<char> octets{static_cast<char*>(into), static_cast<std::size_t>(count)};
    std::size_t got = 0;
    if (file.state->disk.read(file.number, at, octets, got) != Disk::Status::done) return SQLITE_IOERR_READ;
    if (got == octets.size()) return SQLITE_OK;
    std::ranges::fill(octets.subspan(got), 0);
    return SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* base, const void* from, int count, sqlite3_int64 at) {
    File& file = of(base);
    const Guard guard{file.state->disk.lock()};
    return code_of(file.state->disk.write(file.number, at,
                                          {static_cast<const char*>(from), static_cast<std::size_t>(count)}),
                   SQLITE_IOERR_WRITE);
}

int truncate(sqlite3_file* base, sqlite3_int64 size) {
    File& file = of(base);
    const Guard guard{file.state->disk.lock()};
    return code_of(file.state->disk.truncate(file.number, size), SQLITE_IOERR_TRUNCATE);
}

int sync(sqlite3_file* base, int) {
    File& file = of(base);
    const Guard guard{file.state->disk.lock()};
    return code_of(file.state->disk.flush(file.number), SQLITE_IOERR_FSYNC);
}

int file_size(sqlite3_file* base, sqlite3_int64* size) {
    File& file = of(base);
    const Guard guard{file.state->disk.lock()};
    *size = file.state->disk.size(file.number);
    return SQLITE_OK;
}

// The rules of sqlite3.h on xLock: one reserves beside readers, pending keeps new readers out, exclusive is alone.
int lock(sqlite3_file* base, int level) {
    File& file = of(base);
    const Guard guard{file.state->disk.lock()};
    Inode& inode = *file.inode;
    const auto others = [&file](const void* owner) { return owner != nullptr && owner != &file; };
    if (file.level >= level) return SQLITE_OK;
    if (level == SQLITE_LOCK_SHARED) {
        if (others(inode.pending) || others(inode.exclusive)) return SQLITE_BUSY;
        ++inode.shared;
    } else if (level == SQLITE_LOCK_RESERVED) {
        if (others(inode.reserved) || others(inode.pending) || others(inode.exclusive)) return SQLITE_BUSY;
        inode.reserved = &file;
    } else {
        if (others(inode.reserved) || others(inode.pending) || others(inode.exclusive)) return SQLITE_BUSY;
        inode.pending = &file;
        if (inode.shared > 1) {
            file.level = SQLITE_LOCK_PENDING;
            return SQLITE_BUSY;
        }
        inode.exclusive = &file;
    }
    file.level = level;
    return SQLITE_OK;
}

int unlock(sqlite3_file* base, int level) {
    File& file = of(base);
    const Guard guard{file.state->disk.lock()};
    unlock_to(file, level);
    return SQLITE_OK;
}

int check_reserved_lock(sqlite3_file* base, int* reserved) {
    File& file = of(base);
    const Guard guard{file.state->disk.lock()};
    *reserved = file.inode->reserved != nullptr || file.inode->exclusive != nullptr ? 1 : 0;
    return SQLITE_OK;
}

int file_control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file*) { return 4096; }
int device_characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

int shm_map(sqlite3_file* base, int region, int octets, int extend, void volatile** mapped) {
    File& file = of(base);
    const Guard guard{file.state->disk.lock()};
    if (!file.maps) {
        file.maps = true;
        ++file.inode->mapped;
    }
    auto& regions = file.inode->regions;
    const auto index = static_cast<std::size_t>(region);
    *mapped = nullptr;
    if (regions.size() <= index) {
        if (extend == 0) return SQLITE_OK;
        while (regions.size() <= index)
            regions.push_back(std::make_unique<char[]>(static_cast<std::size_t>(octets)));  // NOLINT
    }
    *mapped = regions[index].get();
    return SQLITE_OK;
}

int shm_lock(sqlite3_file* base, int first, int count, int flags) {
    File& file = of(base);
    const Guard guard{file.state->disk.lock()};
    Inode& inode = *file.inode;
    const unsigned mask = ((1U << static_cast<unsigned>(count)) - 1U) << static_cast<unsigned>(first);
    const bool shared = (flags & SQLITE_SHM_SHARED) != 0;
    for (unsigned slot = 0; slot < SQLITE_SHM_NLOCK; ++slot) {
        const unsigned bit = 1U << slot;
        if ((mask & bit) == 0) continue;
        if ((flags & SQLITE_SHM_UNLOCK) != 0) {
            if ((file.shared_slots & bit) != 0) --inode.shared_slots[slot];
            if ((file.exclusive_slots & bit) != 0) inode.exclusive_slots[slot] = nullptr;
        } else if (shared) {
            if ((file.shared_slots & bit) != 0) continue;
            if (inode.exclusive_slots[slot] != nullptr) return SQLITE_BUSY;  // SQLite asks for one shared slot at a time
            ++inode.shared_slots[slot];
        } else if (inode.exclusive_slots[slot] != nullptr ||
                   inode.shared_slots[slot] > ((file.shared_slots & bit) != 0 ? 1 : 0)) {
            for (unsigned taken = 0; taken < slot; ++taken) {
                if ((mask & (1U << taken)) != 0) inode.exclusive_slots[taken] = nullptr;
            }
            return SQLITE_BUSY;
        } else {
            inode.exclusive_slots[slot] = &file;
        }
    }
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        file.shared_slots &= ~mask;
        file.exclusive_slots &= ~mask;
    } else {
        (shared ? file.shared_slots : file.exclusive_slots) |= mask;
    }
    return SQLITE_OK;
}

void shm_barrier(sqlite3_file* base) { const Guard guard{of(base).state->disk.lock()}; }

int shm_unmap(sqlite3_file* base, int) {
    File& file = of(base);
    const Guard guard{file.state->disk.lock()};
    // The last to leave takes the index along: the next reads it out of the WAL again.
    if (std::exchange(file.maps, false) && --file.inode->mapped == 0) file.inode->regions.clear();
    return SQLITE_OK;
}

constexpr sqlite3_io_methods methods{.iVersion = 2,
                                     .xClose = close,
                                     .xRead = read,
                                     .xWrite = write,
                                     .xTruncate = truncate,
                                     .xSync = sync,
                                     .xFileSize = file_size,
                                     .xLock = lock,
                                     .xUnlock = unlock,
                                     .xCheckReservedLock = check_reserved_lock,
                                     .xFileControl = file_control,
                                     .xSectorSize = sector_size,
                                     .xDeviceCharacteristics = device_characteristics,
                                     .xShmMap = shm_map,
                                     .xShmLock = shm_lock,
                                     .xShmBarrier = shm_barrier,
                                     .xShmUnmap = shm_unmap,
                                     .xFetch = nullptr,
                                     .xUnfetch = nullptr};

int open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* base, int flags, int* flags_out) {
    base->pMethods = nullptr;
    FaultyVfs::State& state = of(vfs);
    ensure(name != nullptr);  // temporary files: the product keeps them in memory
    const Guard guard{state.disk.lock()};
    int number = -1;
    if (state.disk.open(name, (flags & SQLITE_OPEN_CREATE) != 0, number) != Disk::Status::done) return SQLITE_CANTOPEN;
    const auto inode = state.inodes.try_emplace(name).first;
    new (base) File{.base = {.pMethods = &methods},
                    .state = &state,
                    .inode = &inode->second,
                    .name = inode->first.c_str(),
                    .number = number,
                    .level = SQLITE_LOCK_NONE,
                    .delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0,
                    .maps = false,
                    .shared_slots = 0,
                    .exclusive_slots = 0};
    if (flags_out != nullptr) *flags_out = flags;
    return SQLITE_OK;
}

int remove(sqlite3_vfs* vfs, const char* name, int flush_directory) {
    FaultyVfs::State& state = of(vfs);
    const Guard guard{state.disk.lock()};
    if (state.disk.find(name) < 0) return SQLITE_IOERR_DELETE_NOENT;
    return code_of(state.disk.remove(name, flush_directory != 0), SQLITE_IOERR_DELETE);
}

int exists(sqlite3_vfs* vfs, const char* name, int, int* found) {
    FaultyVfs::State& state = of(vfs);
    const Guard guard{state.disk.lock()};
    const int file = state.disk.find(name);
    // As SQLite's own for Unix: an empty file is as good as none.
    *found = file >= 0 && state.disk.size(file) > 0 ? 1 : 0;
    return SQLITE_OK;
}

int full_path(sqlite3_vfs*, const char* name, int octets_max, char* into) {
    const std::size_t octets = std::strlen(name) + 1;
    if (octets > static_cast<std::size_t>(octets_max)) return SQLITE_CANTOPEN;
    std::memcpy(into, name, octets);
    return SQLITE_OK;
}

}  // namespace

FaultyVfs::FaultyVfs(Disk& disk, std::string name) : state_{new State{.disk = disk, .name = std::move(name)}} {
    sqlite3_vfs& vfs = state_->vfs;
    vfs = *sqlite3_vfs_find(nullptr);  // its clock, its sleep, its random octets
    vfs.iVersion = 2;
    vfs.szOsFile = sizeof(File);
    vfs.mxPathname = Disk::name_octets_max;
    vfs.pNext = nullptr;
    vfs.zName = state_->name.c_str();
    vfs.pAppData = state_.get();
    vfs.xOpen = open;
    vfs.xDelete = remove;
    vfs.xAccess = exists;
    vfs.xFullPathname = full_path;
    ensure(sqlite3_vfs_register(&vfs, 0) == SQLITE_OK);
}

FaultyVfs::~FaultyVfs() { sqlite3_vfs_unregister(&state_->vfs); }

const std::string& FaultyVfs::name() const { return state_->name; }

}  // namespace okpay::faults
