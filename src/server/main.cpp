// SPDX-License-Identifier: Apache-2.0
// The program: words to a verb, and the verb's exit status.
#include <CLI/CLI.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <iostream>

#include "sandbox/child.hpp"
#include "sandbox/serve.hpp"
#include "server/demo.hpp"
#include "server/mail_verbs.hpp"
#include "server/node.hpp"
#include "server/verbs.hpp"
#include "service/identity_intake.hpp"
#include "service/mail_files.hpp"
#include "service/mail_intake.hpp"
#include "service/mail_screens.hpp"
#include "service/mail_view.hpp"

namespace {

using namespace okpay;
using server::Options;

constexpr int wrong_usage = 2;

void set_up_log(const std::string& level) {
    auto logger = std::make_shared<spdlog::logger>("okpay", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    logger->set_level(spdlog::level::from_str(level));
    logger->flush_on(spdlog::level::warn);
    spdlog::set_default_logger(std::move(logger));
}

int run(std::vector<std::string> words) {
    CLI::App app{"OKPay: payments and the support that knows them", "okpay"};
    app.set_version_flag("--version", "okpay " OKPAY_VERSION);
    app.require_subcommand(1);
    Options options;
    int status = 0;

    CLI::App* serve = app.add_subcommand("serve", "Run everything");
    server::add_data_options(*serve, options);
    server::add_serve_options(*serve, options);
    serve->callback([&] { status = server::serve(options); });

    server::DemoOptions demo_options;
    CLI::App* demo = app.add_subcommand("demo", "Load the demonstration world into a new directory, or print its sign-ins");
    server::add_data_options(*demo, options);
    demo->add_option("--domain", options.domain, "Mail domain of the support address")->capture_default_str()->take_last();
    demo->add_option("--customers", demo_options.customers)->capture_default_str()->check(CLI::Range(1, 10'000'000));
    demo->add_option("--transactions", demo_options.transactions)
        ->capture_default_str()
        ->check(CLI::Range(0, 1'000'000'000));
    demo->add_option("--tickets", demo_options.tickets)->capture_default_str()->check(CLI::Range(0, 1'000'000));
    demo->add_option("--seed", demo_options.seed)->capture_default_str();
    demo->add_flag("--json", demo_options.json, "Print one JSON object");
    demo->add_option("--truth", demo_options.truth, "Write what really happened as JSON lines to this file");
    demo->callback([&] { status = server::load_demo(options, demo_options); });

    server::TriageOptions triage_options;
    CLI::App* triage = app.add_subcommand("triage", "Read messages and print what each is, as JSON lines");
    triage->add_option("FILE", triage_options.files, "Mails (.eml), or - for standard input");
    triage->add_option("--text", triage_options.text, "One short text a line, from a file or -");
    triage->add_option("--at", triage_options.at, "Moment of the short texts, RFC 3339");
    triage->add_option("--model", triage_options.model, "A model that `triage train` made, instead of the shipped one");
    triage->add_flag("--explain", triage_options.explain, "Also print the words that carried each decision");
    server::TrainOptions train_options;
    CLI::App* train =
        triage->add_subcommand("train", "Learn the categories from training text; the same text, the same model");
    train->add_option("FILE", train_options.files, "Training text, as in src/triage/training");
    train->add_option("--labelled", train_options.labelled, "Files with a category, a tab and a text a line");
    train->add_flag("--from-desk", train_options.from_desk, "Learn also from the categories that your desk set");
    server::add_data_options(*train, options);
    train->add_option("--out", train_options.out, "The model's file")->required();
    train->callback([&] { status = server::train_triage(options, train_options); });
    triage->callback([&] {
        if (train->count() == 0) status = server::triage_messages(triage_options);
    });

    server::VerifyOptions verify_options;
    CLI::App* verify = app.add_subcommand("verify", "Prove the ledger, the chains, the mail books and the files");
    server::add_data_options(*verify, options);
    verify->add_flag("--json", verify_options.json, "Print JSON lines");
    verify->add_option("--head", verify_options.head, "A ledger head that was written down: SEQ:HASH");
    verify->callback([&] { status = server::verify_data(options, verify_options); });

    std::string place;
    CLI::App* backup = app.add_subcommand("backup", "Copy everything while serving; the key is kept apart");
    server::add_data_options(*backup, options);
    backup->add_option("DEST", place, "A new directory")->required();
    std::string keys_place;
    backup->add_option("--keys", keys_place, "Write the objects' keys to this file instead of DEST/keys.db")->take_last();
    backup->callback([&] { status = server::back_up_data(options, place, keys_place); });
    CLI::App* restore = app.add_subcommand("restore", "Bring a backup into an empty place");
    server::add_data_options(*restore, options);
    restore->add_option("SRC", place, "The backup's directory")->required();
    restore->add_option("--keys", keys_place, "Take the objects' keys from this file: the newest keys.db there is")
        ->take_last();
    restore->callback([&] { status = server::restore_data(options, place, keys_place); });

    std::string email;
    std::string role;
    CLI::App* admin = app.add_subcommand("admin", "Staff and keys");
    admin->require_subcommand(1);
    CLI::App* staff = admin->add_subcommand("staff", "Members of staff");
    staff->require_subcommand(1);
    CLI::App* add = staff->add_subcommand("add", "Print a one-time link with which someone joins the staff");
    server::add_data_options(*add, options);
    add->add_option("--public-url", options.public_url, "URL under which people reach the website")->take_last();
    add->add_option("EMAIL", email)->required();
    add->add_option("--role", role, "agent, technical, risk, supervisor, auditor or admin")->required();
    add->callback([&] { status = server::add_staff(options, email, role); });
    std::string reason;
    CLI::App* off = staff->add_subcommand("off", "Switch off the account of someone who has left");
    server::add_data_options(*off, options);
    off->add_option("EMAIL", email)->required();
    off->add_option("--reason", reason, "Why; it is kept")->required()->take_last();
    off->callback([&] { status = server::switch_off_staff(options, email, reason); });
    CLI::App* again = staff->add_subcommand(
        "again", "Print a one-time link with which someone begins anew: a lost phone, a forgotten password, a return");
    server::add_data_options(*again, options);
    again->add_option("--public-url", options.public_url, "URL under which people reach the website")->take_last();
    again->add_option("EMAIL", email)->required();
    again->callback([&] { status = server::invite_staff_again(options, email); });

    std::string customer;
    std::string relation = "household";
    CLI::App* relate =
        staff->add_subcommand("relate", "Keep someone on the staff away from a customer they have to do with");
    server::add_data_options(*relate, options);
    relate->add_option("EMAIL", email)->required();
    relate->add_option("CUSTOMER", customer, "Id or mail address")->required();
    relate->add_option("--as", relation, "self, household, other, or none: no longer")->capture_default_str()->take_last();
    relate->callback([&] { status = server::relate_staff(options, email, customer, relation); });

    server::PersonOptions person_options;
    CLI::App* person = admin->add_subcommand("person", "What is stored about a customer");
    person->require_subcommand(1);
    const auto about = [&](std::string name, std::string words, const std::function<void()>& done) {
        CLI::App* verb = person->add_subcommand(std::move(name), std::move(words));
        server::add_data_options(*verb, options);
        verb->add_option("CUSTOMER", person_options.customer, "Id or mail address")->required();
        verb->add_option("--reason", person_options.reason, "Why; it is kept")->required()->take_last();
        verb->callback(done);
        return verb;
    };
    CLI::App* copy = about("export", "Write a copy of everything that is stored about a customer",
                           [&] { status = server::export_person(options, person_options); });
    copy->add_option("--out", person_options.out, "A new file, or a new directory (ending in /) for the originals too")
        ->required()
        ->take_last();
    CLI::App* hold = about("hold", "Keep everything about a customer, whoever asks to erase it",
                           [&] { status = server::hold_person(options, person_options, false); });
    CLI::App* release =
        about("release", "End such a hold", [&] { status = server::hold_person(options, person_options, true); });
    CLI::App* erase = about("erase", "Erase a customer who has left; the books keep a number",
                            [&] { status = server::erase_person(options, person_options); });

    std::string owner_url;
    CLI::App* migrate = admin->add_subcommand("migrate",
                                              "PostgreSQL: bring the schema up to date as its owner, and let the "
                                              "role of --database serve without owning anything");
    server::add_data_options(*migrate, options);
    migrate->add_option("--owner-url", owner_url, "postgresql://… of the role that owns the tables")
        ->required()
        ->take_last();
    migrate->callback([&] { status = server::migrate_as_owner(options, owner_url); });

    CLI::App* keys = admin->add_subcommand("keys", "The master key and what hangs on it");
    keys->require_subcommand(1);
    CLI::App* rotate = keys->add_subcommand("rotate", "Make a new master key and seal every key under it");
    server::add_data_options(*rotate, options);
    rotate->callback([&] { status = server::rotate_keys(options); });
    server::KeysOptions keys_options;
    CLI::App* check = keys->add_subcommand("check", "Open every key and secret with the master key");
    server::add_data_options(*check, options);
    check->add_flag("--json", keys_options.json, "Print JSON lines");
    check->callback([&] { status = server::check_keys(options, keys_options); });

    CLI::App* search = admin->add_subcommand("search", "The full-text index");
    search->require_subcommand(1);
    CLI::App* rebuild = search->add_subcommand("rebuild", "Read everything again into an empty index");
    server::add_data_options(*rebuild, options);
    rebuild->callback([&] { status = server::rebuild_search(options); });

    std::vector<CLI::App*> logging = server::add_mail_verbs(app, *admin, options, status);

    server::BenchOptions bench_options;
    CLI::App* bench = app.add_subcommand("bench", "Measure on the schema and code of serve; prints JSON lines");
    server::add_data_options(*bench, options);
    bench->add_option("WHAT", bench_options.what, "ledger, http, mail, duplicates, triage, search or desk")
        ->required()
        ->check(CLI::IsMember({"ledger", "http", "mail", "duplicates", "triage", "search", "desk"}));
    bench->add_option("--seconds", bench_options.seconds, "For each setting")
        ->capture_default_str()
        ->check(CLI::Range(0.1, 3'600.0));
    bench->add_option("--in-flight", bench_options.in_flight, "Commands or mails under way at once")->capture_default_str();
    bench->add_option("--customers", bench_options.customers)->capture_default_str()->check(CLI::Range(1, 1'000'000));
    bench->add_option("--merchants", bench_options.merchants)->capture_default_str()->check(CLI::Range(1, 10'000));
    bench->add_option("--seed", bench_options.seed)->capture_default_str();
    bench->add_flag("--zipf", bench_options.zipf, "Choose customers by Zipf's law, as merchants always are");
    bench->add_option("--fill", bench_options.fill, "ledger: payments stored before it is measured")
        ->capture_default_str()
        ->check(CLI::Range(std::int64_t{0}, std::int64_t{100'000'000}));
    bench->add_option("--tickets", bench_options.tickets, "search, desk: requests, each with four messages")
        ->capture_default_str()
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{10'000'000}));
    bench->callback([&] { status = server::bench(options, bench_options); });

    if (words.empty() || words.front() == "help") words = {"--help"};
    // A verb's file and environment come before its own words, so that these win.
    CLI::App* asked = &app;
    std::ptrdiff_t depth = 0;
    while (depth < std::ssize(words)) {  // "admin staff add" is one verb
        const auto under = asked->get_subcommands([](CLI::App*) { return true; });
        const auto next = std::ranges::find(under, words[static_cast<std::size_t>(depth)],
                                            [](const CLI::App* verb) { return verb->get_name(); });
        if (next == under.end()) break;
        asked = *next;
        ++depth;
    }
    if (asked->get_option_no_throw("--config") != nullptr) {
        const auto own = server::with_file_and_environment(*asked, {words.begin() + depth, words.end()});
        words.resize(static_cast<std::size_t>(depth));
        words.insert(words.end(), own.begin(), own.end());
    }
    logging.insert(logging.end(), {serve, demo, verify, backup, restore, add, relate, copy, hold, release, erase, migrate,
                                   rotate, check, rebuild, bench});
    for (CLI::App* verb : logging) {
        verb->parse_complete_callback([&options] { set_up_log(options.log_level); });
    }
    set_up_log("info");
    std::ranges::reverse(words);  // as CLI11 takes them
    try {
        app.parse(std::move(words));
    } catch (const CLI::ParseError& error) {
        const int code = app.exit(error, std::cout, std::cerr);
        return code == 0 ? 0 : wrong_usage;
    }
    return status;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc > 1 && std::string_view{argv[1]} == "sandbox-child") {
        okpay::sandbox::serve_child(okpay::sandbox::child_socket_fd, okpay::service::read_mail_in_sandbox,
                                    okpay::service::warm_up_sandbox);
    }
    if (argc > 1 && std::string_view{argv[1]} == okpay::service::picture_child_argument) {
        okpay::sandbox::serve_child(okpay::sandbox::child_socket_fd, okpay::service::read_picture_in_sandbox,
                                    okpay::service::warm_up_picture_sandbox,
                                    {.call_cpu_seconds_max = okpay::service::picture_cpu_seconds_max});
    }
    if (argc > 1 && std::string_view{argv[1]} == okpay::service::mail_view_child_argument) {
        okpay::sandbox::serve_child(okpay::sandbox::child_socket_fd, okpay::service::view_mail_in_sandbox,
                                    okpay::service::warm_up_view_sandbox,
                                    {.call_cpu_seconds_max = okpay::service::mail_view_cpu_seconds_max,
                                     .answer_octets_max = okpay::service::mail_page_octets_max});
    }
    if (argc > 1 && std::string_view{argv[1]} == okpay::service::mail_files_child_argument) {
        okpay::sandbox::serve_child(okpay::sandbox::child_socket_fd, okpay::service::describe_files_in_sandbox,
                                    okpay::service::warm_up_files_sandbox,
                                    {.memory_octets_max = okpay::service::mail_files_memory_octets_max,
                                     .call_cpu_seconds_max = okpay::service::mail_files_cpu_seconds_max});
    }
    if (argc > 1 && std::string_view{argv[1]} == okpay::service::screens_child_argument) {
        okpay::sandbox::serve_child(okpay::sandbox::child_socket_fd, okpay::service::read_screens_in_sandbox,
                                    okpay::service::warm_up_screens_sandbox,
                                    {.call_cpu_seconds_max = okpay::service::screens_cpu_seconds_max});
    }
    std::signal(SIGPIPE, SIG_IGN);
    try {
        return run({argv + 1, argv + argc});
    } catch (const server::UsageError& error) {
        std::cerr << "okpay: " << error.what() << "\n";
        return wrong_usage;
    } catch (const store::StorageFailure& failure) {
        std::cerr << "okpay: " << failure.what() << "\n";
        return failure.fault() == store::StorageFault::unavailable ? 75 : 1;
    } catch (const std::exception& error) {
        std::cerr << "okpay: " << error.what() << "\n";
        return 1;
    }
}
