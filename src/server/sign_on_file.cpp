// SPDX-License-Identifier: Apache-2.0
#include "server/sign_on_file.hpp"

#include "api/api.hpp"
#include "base/text.hpp"
#include "payments/webhook.hpp"
#include "server/toml_table.hpp"
#include "store/files.hpp"
#include "store/keyring.hpp"

namespace okpay::server {
namespace {

constexpr std::string_view proof_purpose = "staff sign-on";
constexpr std::string_view return_path = "/api/v1/staff/sign-on/return";
constexpr std::size_t name_octets_max = 60;

class SignOnReader : TomlTable {
public:
    using TomlTable::TomlTable;

    api::SignOnSettings read(std::string_view public_url) {
        api::SignOnSettings settings;
        settings.issuer = text("issuer").value_or("");
        const auto url = payments::HookUrl::parse(settings.issuer);
        if (!url) refuse("issuer", "the https URL that the provider calls itself is needed");
        if (!url->tls && !url->is_loopback()) refuse("issuer", "https is needed; http is for a provider on this machine");
        settings.client_id = text("client_id").value_or("");
        if (settings.client_id.empty()) refuse("client_id", "the name by which the provider knows us is needed");
        if (has("client_secret")) refuse("client_secret", "no secret stands in this file; write client_secret_file");
        settings.client_secret = secret();
        settings.name = text("name").value_or(url->host);
        if (settings.name.size() > name_octets_max) refuse("name", "60 octets at most: it stands on a button");
        settings.only = flag("only");
        settings.trust_email = flag("trust_email");
        settings.tls = trust("tls_ca_file");
        if (settings.tls != nullptr && !url->tls) refuse("tls_ca_file", "is for an issuer with https");
        if (settings.tls == nullptr && url->tls) settings.tls = system_trust();
        settings.redirect_uri =
            std::string{public_url.substr(0, public_url.find_last_not_of('/') + 1)} + std::string{return_path};
        refuse_what_is_left();
        return settings;
    }

private:
    Secret secret() {
        const auto path = text("client_secret_file");
        if (!path) refuse("client_secret_file", "the file with the secret that the provider gave us is needed");
        const auto octets = store::read_file(*path);
        const std::string one{octets ? trimmed(*octets) : std::string_view{}};
        if (!is_printable(one)) refuse("client_secret_file", "the file holds no secret of one line");
        return Secret{one};
    }
    net::TlsContext system_trust() const {
        auto trusted = net::client_tls(net::PeerCheck::certificate_and_name);
        if (!trusted) refuse("issuer", net::explain(trusted.error()));
        return *std::move(trusted);
    }
};

}  // namespace

api::SignOnSettings parse_sign_on(std::string_view text, std::string_view name, std::string_view public_url) {
    if (public_url.empty()) throw UsageError{"--sign-on needs --public-url: the provider sends people back there"};
    const toml::table document = parsed_toml(text, name);
    return SignOnReader{document, name}.read(public_url);
}

std::string text_of_sign_on(const Options& options) { return text_of_file("--sign-on", options.sign_on); }

void add_sign_on(api::ApiOptions& api, const Options& options, const store::Keyring& keyring) {
    if (options.sign_on.empty()) return;
    api.sign_on =
        std::make_shared<api::SignOn>(parse_sign_on(text_of_sign_on(options), options.sign_on, options.public_url));
    api.seal_sign_on = [&keyring](ByteView plain) { return keyring.seal(plain, proof_purpose); };
    api.unseal_sign_on = [&keyring](ByteView sealed) { return keyring.unseal(sealed, proof_purpose); };
}

}  // namespace okpay::server
