// SPDX-License-Identifier: Apache-2.0
#include "server/mail_verbs.hpp"

#include <CLI/CLI.hpp>

#include <memory>

#include "mail/key_record.hpp"
#include "server/faq_files.hpp"

namespace okpay::server {
namespace {

CLI::App* verb(CLI::App& under, const std::string& name, const std::string& what, Options& options) {
    CLI::App* made = under.add_subcommand(name, what);
    add_data_options(*made, options);
    return made;
}

void add_domain(CLI::App& app, Options& options) {
    app.add_option("--domain", options.domain, "Mail domain of the support address")->capture_default_str()->take_last();
}

void add_dkim_verbs(CLI::App& admin, Options& options, int& status, std::vector<CLI::App*>& verbs) {
    const auto dkim = std::make_shared<DkimOptions>();
    CLI::App* group = admin.add_subcommand("dkim", "Keys by which outgoing mail is signed");
    group->require_subcommand(1);
    CLI::App* add = verb(*group, "add", "Make a key and print the DNS record to publish", options);
    add_domain(*add, options);
    add->add_option("SELECTOR", dkim->selector, "Its name in the DNS, for example 2026-11")->required();
    add->add_option("--algorithm", dkim->algorithm, "rsa, or ed25519 beside it")
        ->capture_default_str()
        ->check(CLI::IsMember({"rsa", "ed25519"}));
    add->add_option("--rsa-bits", dkim->rsa_bits, "Length of an RSA key")
        ->capture_default_str()
        ->check(CLI::Range(mail::rsa_bits_good, mail::rsa_bits_max));
    add->callback([&options, &status, dkim] { status = add_dkim_key(options, *dkim); });
    CLI::App* list = verb(*group, "list", "Print the keys and their records", options);
    list->callback([&options, &status, dkim] { status = list_dkim_keys(options, *dkim); });
    CLI::App* retire = verb(*group, "retire", "Sign with a key no more, and destroy it", options);
    add_domain(*retire, options);
    retire->add_option("SELECTOR", dkim->selector)->required();
    retire->callback([&options, &status, dkim] { status = retire_dkim_key(options, *dkim); });
    for (CLI::App* one : {add, list}) one->add_flag("--json", dkim->json, "Print JSON lines");
    verbs.insert(verbs.end(), {add, list, retire});
}

void add_import_verb(CLI::App& app, Options& options, int& status, std::vector<CLI::App*>& verbs) {
    const auto import = std::make_shared<ImportOptions>();
    CLI::App* made = verb(app, "import", "Bring in mail of before as closed requests, or articles of the FAQ", options);
    add_domain(*made, options);
    made->add_option("--reply-domain", options.reply_domain, "Mail domain of ticket addresses (default: the domain)")
        ->take_last();
    made->add_option("PATH", import->paths, "mbox files, Maildirs, mails, Markdown files of the FAQ, or directories of them")
        ->required();
    made->add_option("--format", import->format,
                     "mbox, maildir, eml, auto: found out for each file; or faq: articles of the help pages")
        ->capture_default_str()
        ->check(CLI::IsMember({"mbox", "maildir", "eml", "auto", "faq"}));
    made->add_option("--mailbox", import->mailbox, "What the requests name as the place that they come from");
    made->add_flag("--json", import->json, "Print one JSON object");
    made->callback([&options, &status, import] {
        status = import->format == "faq" ? import_faq(options, *import) : import_mail(options, *import);
    });
    verbs.push_back(made);
}

void add_check_verb(CLI::App& admin, Options& options, int& status, std::vector<CLI::App*>& verbs) {
    const auto as_json = std::make_shared<bool>(false);
    CLI::App* made = verb(admin, "check", "Prove disk, keys, database, ports, certificate, DNS and relay", options);
    add_serve_options(*made, options);
    made->add_flag("--json", *as_json, "Print JSON lines");
    made->callback([&options, &status, as_json] { status = check_configuration(options, *as_json); });
    verbs.push_back(made);
}

}  // namespace

std::vector<CLI::App*> add_mail_verbs(CLI::App& app, CLI::App& admin, Options& options, int& status) {
    std::vector<CLI::App*> verbs;
    add_import_verb(app, options, status, verbs);
    add_dkim_verbs(admin, options, status, verbs);
    add_check_verb(admin, options, status, verbs);
    return verbs;
}

}  // namespace okpay::server
