// SPDX-License-Identifier: Apache-2.0
#include "server/demo.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <condition_variable>
#include <deque>
#include <fstream>
#include <future>
#include <iostream>

#include "base/clock.hpp"
#include "customers/password.hpp"
#include "customers/totp.hpp"
#include "demo/mails.hpp"
#include "demo/merchants.hpp"
#include "demo/people.hpp"
#include "demo/world.hpp"
#include "mail/compose.hpp"
#include "payments/payment_ref.hpp"
#include "server/faq_files.hpp"
#include "service/mail_intake.hpp"
#include "service/writer.hpp"
#include "store/key_ring.hpp"
#include "store/ledger_store.hpp"
#include "store/people_store.hpp"
#include "store/schema.hpp"

namespace okpay::server {
namespace {

namespace json = boost::json;
using service::Answer;
using service::Command;

constexpr std::size_t commands_under_way_max = 4'096;

// Everything of the demonstration is made from its seed, so that it can be printed again.
Bytes made_of(std::uint64_t seed, std::string_view what, std::string_view who) {
    return Bytes{view_of(sha256({"okpay demonstration ", std::to_string(seed), " ", what, " ", who}))};
}

template <class IdType>
IdType id_made_of(std::uint64_t seed, std::string_view what, std::string_view who, Moment at) {
    return IdType::of(at, made_of(seed, what, who).substr(0, 10));
}

std::string password_of(std::string_view email) { return fmt::format("demo {} okpay", email.substr(0, email.find('@'))); }
std::string api_key_of(std::uint64_t seed, std::string_view merchant) {
    return "sk_demo_" + hex_of(made_of(seed, "api key", merchant).substr(0, 16));
}
Bytes totp_secret_of(std::uint64_t seed, std::string_view email) {
    return made_of(seed, "totp", email).substr(0, customers::totp_secret_octets);
}

class Loader {
public:
    Loader(service::Writer& writer, const store::Database& database, const store::Keyring& keyring, const DemoOptions& demo,
           Moment now)
        : writer_{writer}, database_{database}, keyring_{keyring}, demo_{demo}, now_{now} {}

    void staff() {
        for (const demo::StaffPersona& persona : demo::staff_personas()) {
            const Moment at = now_ - std::chrono::hours{24 * 30};  // long enough ago to approve today
            const std::string token_hash = hex_of(view_of(sha256(made_of(demo_.seed, "enrolment", persona.email))));
            const Bytes secret = totp_secret_of(demo_.seed, persona.email);
            const std::string phc = customers::hash_password(
                Secret{password_of(persona.email)},
                made_of(demo_.seed, "salt", persona.email).substr(0, customers::password_salt_octets));
            const auto command = [&](std::string_view step, service::CommandBody body) {
                return ask({id_made_of<CommandId>(demo_.seed, step, persona.email, at), at, {}, std::move(body)});
            };
            command("add", service::AddStaff{id_made_of<StaffId>(demo_.seed, "staff", persona.email, at).text(),
                                             std::string{persona.email}, std::string{persona.role}, token_hash,
                                             ms_of(at + std::chrono::hours{1})});
            command("enrol", service::EnrolStaff{token_hash, std::string{persona.name}, phc,
                                                 base64_of(keyring_.seal(secret, "totp secret"))});
            command("confirm",
                    service::ConfirmStaff{token_hash, customers::totp_code(Secret{secret}, customers::totp_step(at))});
        }
    }

    // Those whose sign-ins are printed choose a password.
    void customers() {
        const auto connection = store::open(database_, store::Access::reader);
        for (std::int64_t index = 0; index < demo::persona_count; ++index) {
            const demo::Persona persona = demo::person(demo_.seed, index);
            const auto customer = store::find_customer_by_email(*connection, persona.email);
            if (!customer) continue;  // a world of fewer customers
            const std::string phc = customers::hash_password(
                Secret{password_of(persona.email)},
                made_of(demo_.seed, "salt", persona.email).substr(0, customers::password_salt_octets));
            ask({id_made_of<CommandId>(demo_.seed, "password", persona.email, now_),
                 now_,
                 {},
                 service::SetCustomerPassword{number_of(customer->no), phc}});
        }
    }

    // Pipelined: answers come in the order of the commands.
    void stream(demo::World& world, const std::function<void()>& on_answers) {
        std::mutex mutex;
        std::condition_variable answered;
        std::deque<Answer> answers;
        std::size_t under_way = 0;
        const auto take = [&](std::size_t allowed) {
            std::unique_lock lock{mutex};
            answered.wait(lock, [&] { return under_way <= allowed || !answers.empty(); });
            std::deque<Answer> got = std::exchange(answers, {});
            lock.unlock();
            for (const Answer& answer : got) world.answered(answer);
            if (!got.empty()) on_answers();
        };
        while (auto command = world.next()) {
            {
                const std::lock_guard lock{mutex};
                ++under_way;
            }
            writer_.submit(*std::move(command), [&](Answer answer) {
                const std::lock_guard lock{mutex};
                --under_way;
                answers.push_back(std::move(answer));
                answered.notify_one();
            });
            bool full = false;
            {
                const std::lock_guard lock{mutex};
                full = under_way >= commands_under_way_max || answers.size() >= commands_under_way_max / 2;
            }
            if (full) take(commands_under_way_max / 2);
        }
        while (true) {
            take(0);
            const std::lock_guard lock{mutex};
            if (under_way == 0 && answers.empty()) return;
        }
    }

    Answer ask(Command command) {
        std::promise<Answer> promise;
        auto future = promise.get_future();
        writer_.submit(std::move(command), [&promise](Answer answer) { promise.set_value(std::move(answer)); });
        return future.get();
    }

private:
    service::Writer& writer_;
    const store::Database& database_;
    const store::Keyring& keyring_;
    const DemoOptions& demo_;
    Moment now_;
};

Bytes message_of(const demo::SampleMail& mail, std::string_view support) {
    const auto from = mail::EmailAddress::parse(mail.from_address);
    const auto to = mail::EmailAddress::parse(support);
    if (!from || !to) return {};
    const auto composed =
        mail::compose({.from = {mail.from_name, *from},
                       .to = {{"", *to}},
                       .subject = mail.subject,
                       .text = mail.body,
                       .message_id = hex_of(view_of(sha256(mail.from_address + mail.subject + mail.body))).substr(0, 24) +
                                     "@" + std::string{from->domain()},
                       .date = mail.moment});
    return composed ? *composed : Bytes{};
}

json::object sign_ins(std::uint64_t seed) {
    json::array staff;
    for (const demo::StaffPersona& persona : demo::staff_personas()) {
        staff.push_back({{"email", persona.email},
                         {"password", password_of(persona.email)},
                         {"role", persona.role},
                         {"name", persona.name},
                         {"totp_secret", base32_of(totp_secret_of(seed, persona.email))}});
    }
    json::array customers;
    for (std::int64_t index = 0; index < demo::persona_count; ++index) {
        const demo::Persona persona = demo::person(seed, index);
        customers.push_back({{"email", persona.email},
                             {"password", password_of(persona.email)},
                             {"name", persona.name},
                             {"language", demo::code_of(persona.tongue)}});
    }
    json::array merchants;
    for (const auto& shop : demo::shops()) {
        merchants.push_back({{"name", shop.name}, {"api_key", api_key_of(seed, shop.name)}});
    }
    return {{"staff", std::move(staff)}, {"customers", std::move(customers)}, {"merchants", std::move(merchants)}};
}

void print_sign_ins(const json::object& all, bool as_json) {
    if (as_json) {
        std::cout << json::serialize(all) << std::endl;
        return;
    }
    std::cout << "Staff (each sign-in asks for the current six-digit code of the secret):\n";
    for (const json::value& one : all.at("staff").as_array()) {
        std::cout << fmt::format("  {:<11} {:<34} {:<28} {}\n", one.at("role").as_string().c_str(),
                                 one.at("email").as_string().c_str(), one.at("password").as_string().c_str(),
                                 one.at("totp_secret").as_string().c_str());
    }
    std::cout << "Customers who wrote:\n";
    for (const json::value& one : all.at("customers").as_array()) {
        std::cout << fmt::format("  {:<34} {}\n", one.at("email").as_string().c_str(), one.at("name").as_string().c_str());
    }
    std::cout << "Merchants (API keys): okpay demo --json prints them.\n";
}

std::optional<std::string> meta(store::Connection& connection, std::string_view name) {
    std::optional<std::string> value;
    connection.query("SELECT value FROM meta WHERE name = $1", {name},
                     [&value](const store::Row& row) { value = row.string(0); });
    return value;
}

void set_meta(store::Connection& connection, std::string_view name, std::string_view value) {
    connection.execute(
        "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        {name, value});
}

}  // namespace

bool is_demonstration(store::Connection& connection) {
    return store::schema_version_of(connection) > 0 && meta(connection, "demonstration").has_value();
}

bool is_demonstration(const store::Database& database) {
    return is_demonstration(*store::open(database, store::Access::reader));
}

int load_demo(const Options& options, const DemoOptions& demo) {
    auto directory = store::DataDirectory::own(options.data_directory());
    if (!directory) {
        std::cerr << "okpay: another process owns " << options.data << "; stop it first\n";
        return 75;
    }
    const store::Database database = options.store_database();
    std::uint64_t seed = demo.seed;
    Moment world_now = now();
    std::optional<store::Keyring> keyring;
    {
        const auto connection = store::open(database, store::Access::writer);
        const bool is_new = store::schema_version_of(*connection) == 0;
        store::migrate(*connection);
        const auto mark = meta(*connection, "demonstration");
        if (!is_new && !mark) {
            std::cerr << "okpay: " << options.data << " holds real data; the demonstration goes only into a new directory\n";
            return 1;
        }
        if (mark) {
            const json::object kept = json::parse(*mark).as_object();
            seed = static_cast<std::uint64_t>(kept.at("seed").as_int64());
            world_now = moment_of_ms(kept.at("now").as_int64());
            if (kept.at("loaded").as_bool() && demo.truth.empty()) {
                print_sign_ins(sign_ins(seed), demo.json);
                return 0;
            }
        }
        set_meta(*connection, "demonstration",
                 json::serialize(
                     json::object{{"seed", static_cast<std::int64_t>(seed)}, {"now", ms_of(world_now)}, {"loaded", false}}));
        bool key_is_new = false;
        auto opened = store::open_or_create_keyring(*connection, options.key_path(), key_is_new);
        if (!opened) {
            std::cerr << "okpay: " << store::explain(opened.error()) << " (" << options.key_path().string() << ")\n";
            return 1;
        }
        keyring = *std::move(opened);
    }
    DemoOptions used = demo;
    used.seed = seed;
    service::DeskSettings desk{.domain = options.domain,
                               .reply_domain = options.reply_domain.empty() ? options.domain : options.reply_domain,
                               .tariff = payments::flat_tariff(options.fee_basis_points)};
    // The mails of the world are old: nobody waits for a word on them, and example.org is nobody's.
    desk.stranger_acknowledgements_per_hour_total = 0;
    const service::Context context{*keyring, desk};
    std::optional<std::int64_t> epoch;
    if (database.engine == store::Engine::postgres) {
        const auto connection = store::open(database, store::Access::writer);
        connection->execute("UPDATE epoch SET epoch = epoch + 1, node = 'demo' WHERE id = 1");
        epoch = connection->integer("SELECT epoch FROM epoch WHERE id = 1");
    }
    std::optional<service::MailIntake> intake;
    service::Writer writer{database, context, {.epoch = epoch, .on_commit = [&intake](const service::CommitNews& news) {
                                                   if (news.mail_accepted && intake) intake->notify();
                                               }}};
    Loader loader{writer, database, *keyring, used, world_now};
    loader.staff();
    demo::World world{{.customers = demo.customers,
                       .transactions = demo.transactions,
                       .tickets = demo.tickets,
                       .seed = seed,
                       .now = world_now},
                      [seed](std::string_view merchant) { return hex_of(view_of(sha256(api_key_of(seed, merchant)))); }};
    std::vector<demo::Truth> truths;
    std::vector<demo::Movements> movements;
    const auto take_truth = [&] {
        for (demo::Truth& truth : world.take_truth()) truths.push_back(std::move(truth));
        for (demo::Movements& moved : world.take_movements()) movements.push_back(std::move(moved));
    };
    loader.stream(world, take_truth);
    take_truth();
    loader.customers();

    auto sandbox = sandbox::Pool::start({}, 1);
    if (!sandbox) {
        std::cerr << "okpay: the sandbox for reading mail cannot be started on this system\n";
        return 1;
    }
    const store::BlobStore blobs{directory->blobs()};
    const bool has_files = database.engine == store::Engine::sqlite;
    const std::string support = context.support_address();
    std::int64_t count = 0;
    for (const demo::SampleMail& mail : world.mails()) {
        const Bytes raw = message_of(mail, support);
        auto accept =
            service::seal_mail(*keyring, has_files ? &blobs : nullptr,
                               {.channel = "lmtp", .peer = "", .mail_from = mail.from_address, .recipients = {support}}, raw,
                               0);
        if (!accept) continue;
        const std::string who = std::to_string(++count);
        accept->mail = id_made_of<MailId>(seed, "mail", who, mail.moment).text();
        loader.ask({id_made_of<CommandId>(seed, "accept", who, mail.moment), mail.moment, {}, *std::move(accept)});
    }
    intake.emplace(writer, database, *keyring, has_files ? std::optional{blobs} : std::nullopt, *std::move(sandbox),
                   service::FilingSettings{}, [] { return now(); });
    intake->drain();
    service::ImportFaq faq;
    for (const StarterArticle& starter : starter_faq()) {
        if (auto article = faq_article_of(starter.name, starter.text)) faq.articles.push_back(*std::move(article));
    }
    loader.ask({id_made_of<CommandId>(seed, "faq", "", world_now), world_now, {}, std::move(faq)});
    writer.stop();

    const auto connection = store::open(database, store::Access::writer);
    if (epoch)
        connection->execute("UPDATE epoch SET renewed = 0 WHERE id = 1 AND epoch = $1",
                            {*epoch});  // a node may write at once
    if (!demo.truth.empty()) {
        std::ofstream file{demo.truth};
        const auto public_id = [&connection](std::int64_t seq) {
            const auto payment = store::find_payment(*connection, seq);
            return payment ? payments::text_of(payment->id) : std::string{};
        };
        for (const demo::Truth& truth : truths) file << demo::json_line(truth, public_id) << '\n';
        for (const demo::Movements& moved : movements) file << demo::json_line(moved, public_id) << '\n';
        if (!file.flush()) {
            std::cerr << "okpay: the truth cannot be written to " << demo.truth << "\n";
            return 1;
        }
    }
    set_meta(*connection, "demonstration",
             json::serialize(
                 json::object{{"seed", static_cast<std::int64_t>(seed)}, {"now", ms_of(world_now)}, {"loaded", true}}));
    print_sign_ins(sign_ins(seed), demo.json);
    return 0;
}

}  // namespace okpay::server
