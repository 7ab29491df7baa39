// SPDX-License-Identifier: Apache-2.0
// Who is about to come in, and what they see of it.
#include "service/queries.hpp"
#include "service/queries_parts.hpp"
#include "store/access_store.hpp"

namespace okpay::service {

using customers::CustomerNo;
using store::Connection;

Read<SignInFacts> Queries::sign_in_facts(std::string_view email, const std::vector<Bytes>& devices) {
    return pool_.read([&](Connection& connection) {
        SignInFacts facts;
        auto customer = store::find_customer_by_email(connection, email);
        if (!customer) return facts;
        const CustomerNo no = customer->no;
        facts.access = CustomerAccess{{*std::move(customer), parts::accounts_of(connection, no)},
                                      store::find_customer_login(connection, no)};
        for (const Bytes& device : devices) {
            if (store::is_known_device(connection, no, device)) facts.known_device = device;
        }
        return facts;
    });
}

Read<std::optional<store::AccessLink>> Queries::access_link(ByteView token_hash, store::AccessLinkKind kind, Moment now) {
    return pool_.read(
        [&](Connection& connection) { return store::find_live_access_link(connection, token_hash, kind, now); });
}

Read<std::vector<store::CustomerSession>> Queries::customer_sessions(CustomerNo customer, Moment now) {
    return pool_.read([&](Connection& connection) { return store::customer_sessions_of(connection, customer, now); });
}

Read<OwnAccess> Queries::own_access(CustomerNo customer) {
    return pool_.read([&](Connection& connection) {
        const auto login = store::find_customer_login(connection, customer);
        return OwnAccess{.login = login, .phrase_set = store::find_customer_phrase(connection, customer).has_value()};
    });
}

}  // namespace okpay::service
