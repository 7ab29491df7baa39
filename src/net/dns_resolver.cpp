// SPDX-License-Identifier: Apache-2.0
#include "net/dns_resolver.hpp"

#include <ares.h>
#include <netdb.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/ensure.hpp"
#include "base/text.hpp"
#include "net/dns_message.hpp"
#include "net/endpoint.hpp"

namespace okpay::net {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int class_in = 1;
constexpr int datagram_octets = 1'232;  // what passes everywhere unfragmented (DNS flag day 2020)

bool ares_is_ready() {
    static const bool ready = ares_library_init(ARES_LIB_INIT_ALL) == ARES_SUCCESS;
    return ready;
}

DnsStatus status_of(int ares_status) {
    switch (ares_status) {
    case ARES_SUCCESS: return DnsStatus::found;
    case ARES_ENODATA: return DnsStatus::no_data;
    case ARES_ENOTFOUND: return DnsStatus::no_name;
    case ARES_ETIMEOUT: return DnsStatus::timed_out;
    default: return DnsStatus::failed;
    }
}

// "localhost" and a host without brackets are what people write.
std::optional<std::string> server_list_of(const std::string& server) {
    const auto endpoint = Endpoint::parse(server);
    if (!endpoint || endpoint->is_unix() || endpoint->port() == 0) return std::nullopt;
    const std::string host = endpoint->host() == "localhost" ? "127.0.0.1" : endpoint->host();
    return Endpoint::tcp(host, endpoint->port()).text();
}

}  // namespace

// Everything but the inbox belongs to the thread.
class DnsResolver::Loop {
public:
    explicit Loop(const DnsSettings& settings) : settings_{settings}, wake_{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {}
    ~Loop() {
        if (thread_.joinable()) {
            {
                const std::lock_guard lock{mutex_};
                stopping_ = true;
            }
            wake();
            thread_.join();
        }
        if (channel_ != nullptr) ares_destroy(channel_);
        if (wake_ >= 0) close(wake_);
    }
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    std::optional<std::string> begin() {
        if (!ares_is_ready() || wake_ < 0) return "the DNS library cannot be started";
        ares_options options{};
        options.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | ARES_FLAG_EDNS;
        options.timeout = static_cast<int>(settings_.try_lasts.count());
        options.tries = settings_.tries;
        options.ednspsz = datagram_octets;
        char lookups[] = "b";
        options.lookups = lookups;
        const int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_EDNSPSZ | ARES_OPT_LOOKUPS;
        if (ares_init_options(&channel_, &options, mask) != ARES_SUCCESS) {
            channel_ = nullptr;
            return "the DNS library cannot be started";
        }
        if (settings_.server != "system") {
            const auto list = server_list_of(settings_.server);
            if (!list || ares_set_servers_ports_csv(channel_, list->c_str()) != ARES_SUCCESS) {
                return "not the address and port of a DNS server: " + settings_.server;
            }
        }
        thread_ = std::thread{[this] { run(); }};
        return std::nullopt;
    }

    void ask(std::vector<DnsQuestion> questions, Millis within, std::function<void(std::vector<DnsAnswer>)> then) {
        auto batch = std::make_shared<Batch>();
        batch->answers.resize(questions.size(), DnsAnswer{DnsStatus::timed_out, {}});
        batch->left = questions.size();
        batch->questions = std::move(questions);
        batch->until = Clock::now() + within;
        batch->then = std::move(then);
        {
            const std::lock_guard lock{mutex_};
            inbox_.push_back(std::move(batch));
        }
        wake();
    }

    [[nodiscard]] std::uint64_t sent() const { return sent_; }

private:
    struct Batch {
        std::vector<DnsQuestion> questions;
        std::vector<DnsAnswer> answers;
        std::size_t left = 0;
        Clock::time_point until;
        std::function<void(std::vector<DnsAnswer>)> then;
        [[nodiscard]] bool ended() const { return then == nullptr; }
        void end() {
            if (then) std::exchange(then, nullptr)(std::move(answers));
        }
    };
    struct Waiting {
        std::shared_ptr<Batch> batch;
        std::size_t place;
    };
    struct Cached {
        DnsAnswer answer;
        Clock::time_point until;
    };
    struct Asked {  // of one question under way; freed by its callback, which c-ares calls once for each
        Loop* loop;
        DnsQuestion question;
    };

    void wake() const {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = write(wake_, &one, sizeof one);  // full: it wakes already
    }

    void run() {
        while (true) {
            std::vector<std::shared_ptr<Batch>> fresh;
            {
                const std::lock_guard lock{mutex_};
                if (stopping_) break;
                fresh.swap(inbox_);
            }
            for (auto& batch : fresh) take_up(std::move(batch));
            end_late();
            wait_and_process();
        }
        ares_cancel(channel_);  // their callbacks answer what waits
        for (const auto& batch : open_) {
            std::ranges::fill(batch->answers, DnsAnswer{DnsStatus::failed, {}});
            batch->end();
        }
        const std::lock_guard lock{mutex_};
        for (const auto& batch : inbox_) {
            std::ranges::fill(batch->answers, DnsAnswer{DnsStatus::failed, {}});
            batch->end();
        }
    }

    void take_up(std::shared_ptr<Batch> batch) {
        open_.push_back(batch);
        for (std::size_t i = 0; i < batch->questions.size(); ++i) {
            const DnsQuestion question = batch->questions[i];
            const auto known = cache_.find(question);
            if (known != cache_.end() && known->second.until > Clock::now()) {
                fill({batch, i}, known->second.answer);
                continue;
            }
            const auto [under_way, is_new] = pending_.try_emplace(question);
            if (is_new && pending_.size() > settings_.in_flight_max) {
                pending_.erase(under_way);
                fill({batch, i}, {DnsStatus::failed, {}});
                continue;
            }
            under_way->second.push_back({batch, i});
            if (is_new) send(question);
        }
        if (batch->left == 0) end(batch);
    }

    void send(const DnsQuestion& question) {
        ++sent_;
        auto asked = std::make_unique<Asked>(Asked{this, question});
        ares_query(channel_, question.name.c_str(), class_in, static_cast<int>(question.type), &Loop::arrived,
                   asked.release());
    }

    static void arrived(void* argument, int status, int, unsigned char* octets, int size) {
        const std::unique_ptr<Asked> asked{static_cast<Asked*>(argument)};
        DnsReply reply{.answer = {status_of(status), {}}, .ttl_seconds = 0};
        if (status == ARES_SUCCESS) {
            reply = read_dns_message({reinterpret_cast<const char*>(octets), static_cast<std::size_t>(size)},
                                     asked->question.type);
        }
        asked->loop->settle(asked->question, std::move(reply));
    }

    void settle(const DnsQuestion& question, DnsReply reply) {
        const auto found = pending_.find(question);
        if (found == pending_.end()) return;
        const std::vector<Waiting> waiting = std::move(found->second);
        pending_.erase(found);
        keep(question, reply);
        for (const Waiting& one : waiting) {
            fill(one, reply.answer);
            if (one.batch->left == 0 && !one.batch->ended()) end(one.batch);
        }
    }

    void keep(const DnsQuestion& question, const DnsReply& reply) {
        Millis lasts = settings_.absent_lasts;
        if (is_temporary(reply.answer.status)) lasts = settings_.failure_lasts;
        if (reply.answer.status == DnsStatus::found) {
            lasts = std::clamp(Millis{std::chrono::seconds{reply.ttl_seconds}}, settings_.ttl_min, settings_.ttl_max);
        }
        if (cache_.size() >= settings_.cache_max) {
            const auto now = Clock::now();
            std::erase_if(cache_, [now](const auto& entry) { return entry.second.until <= now; });
            if (cache_.size() >= settings_.cache_max) cache_.clear();  // a flood of names: asking again is all it costs
        }
        cache_[question] = {reply.answer, Clock::now() + lasts};
    }

    static void fill(const Waiting& waiting, const DnsAnswer& answer) {
        if (waiting.batch->ended()) return;  // its time was up
        waiting.batch->answers[waiting.place] = answer;
        --waiting.batch->left;
    }

    void end(const std::shared_ptr<Batch>& batch) {
        std::erase(open_, batch);
        batch->end();
    }

    void end_late() {
        const auto now = Clock::now();
        std::vector<std::shared_ptr<Batch>> late;
        std::ranges::copy_if(open_, std::back_inserter(late), [now](const auto& batch) { return batch->until <= now; });
        for (const auto& batch : late) end(batch);  // what comes later still fills the cache
    }

    void wait_and_process() {
        std::array<ares_socket_t, ARES_GETSOCK_MAXNUM> sockets{};
        const auto bits = static_cast<unsigned>(ares_getsock(channel_, sockets.data(), static_cast<int>(sockets.size())));
        std::vector<pollfd> polled{{.fd = wake_, .events = POLLIN, .revents = 0}};
        for (std::size_t i = 0; i < sockets.size(); ++i) {
            const bool reads = ARES_GETSOCK_READABLE(bits, i) != 0;
            const bool writes = ARES_GETSOCK_WRITABLE(bits, i) != 0;
            if (!reads && !writes) continue;
            polled.push_back({.fd = sockets[i],
                              .events = static_cast<short>((reads ? POLLIN : 0) | (writes ? POLLOUT : 0)),
                              .revents = 0});
        }
        poll(polled.data(), polled.size(), wait_ms());
        if ((polled[0].revents & POLLIN) != 0) {
            std::uint64_t count = 0;
            [[maybe_unused]] const auto was_read = read(wake_, &count, sizeof count);
        }
        for (std::size_t i = 1; i < polled.size(); ++i) {
            const short happened = polled[i].revents;
            if (happened == 0) continue;
            const bool reads = (happened & (POLLIN | POLLERR | POLLHUP)) != 0;
            const bool writes = (happened & POLLOUT) != 0;
            ares_process_fd(channel_, reads ? polled[i].fd : ARES_SOCKET_BAD, writes ? polled[i].fd : ARES_SOCKET_BAD);
        }
        ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);  // what timed out
    }

    int wait_ms() {
        timeval buffer{};
        const timeval* next = ares_timeout(channel_, nullptr, &buffer);
        Millis wait{-1};
        if (next != nullptr) wait = Millis{next->tv_sec * 1'000 + next->tv_usec / 1'000 + 1};
        for (const auto& batch : open_) {
            const auto left = std::max(Millis{0}, std::chrono::ceil<Millis>(batch->until - Clock::now()));
            if (wait < Millis{0} || left < wait) wait = left;
        }
        return static_cast<int>(wait.count());
    }

    const DnsSettings settings_;
    const int wake_;
    ares_channel channel_ = nullptr;
    std::vector<std::shared_ptr<Batch>> open_;
    std::map<DnsQuestion, std::vector<Waiting>> pending_;
    std::map<DnsQuestion, Cached> cache_;
    std::atomic<std::uint64_t> sent_ = 0;
    std::mutex mutex_;
    std::vector<std::shared_ptr<Batch>> inbox_;  // under mutex_
    bool stopping_ = false;                      // under mutex_
    std::thread thread_;
};

DnsResolver::DnsResolver(std::unique_ptr<Loop> loop) : loop_{std::move(loop)} {}
DnsResolver::~DnsResolver() = default;

Result<std::unique_ptr<DnsResolver>, std::string> DnsResolver::start(const DnsSettings& settings) {
    auto loop = std::make_unique<Loop>(settings);
    if (auto error = loop->begin()) return fail(*std::move(error));
    return std::unique_ptr<DnsResolver>{new DnsResolver{std::move(loop)}};
}

void DnsResolver::ask(std::vector<DnsQuestion> questions, Millis within, std::function<void(std::vector<DnsAnswer>)> then) {
    loop_->ask(std::move(questions), within, std::move(then));
}

std::uint64_t DnsResolver::sent() const { return loop_->sent(); }

}  // namespace okpay::net
