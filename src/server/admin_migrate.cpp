// SPDX-License-Identifier: Apache-2.0
// `admin migrate --owner-url`: the schema is the owner's to change, the serving role gets what serving needs and no more.
#include <iostream>

#include "server/verbs.hpp"
#include "store/roles.hpp"
#include "store/schema.hpp"
#include "store/search_index.hpp"

namespace okpay::server {

int migrate_as_owner(const Options& options, const std::string& owner_url) {
    const store::Database serving = options.store_database();
    if (serving.engine != store::Engine::postgres)
        throw UsageError{"admin migrate: only PostgreSQL knows roles; name the serving role's --database postgresql://…"};
    if (!owner_url.starts_with("postgresql://") && !owner_url.starts_with("postgres://"))
        throw UsageError{"--owner-url: write postgresql://…, of the role that owns the tables"};
    const auto owner = store::open({store::Engine::postgres, owner_url}, store::Access::writer);
    std::string role;
    {
        const auto connection = store::open(serving, store::Access::writer);
        role = store::role_of(*connection);
    }
    if (role == store::role_of(*owner)) {
        std::cerr << "okpay: --database and --owner-url sign in as the same role, " << role
                  << "; make one that owns nothing (CREATE ROLE … LOGIN) and name it in --database\n";
        return 1;
    }
    store::migrate(*owner);
    store::grant_serving_role(*owner, role);
    store::make_search_tables(*owner);
    store::grant_search_tables(*owner, role);
    const auto connection = store::open(serving, store::Access::writer);
    if (store::schema_version_of(*connection) != store::schema_version) {
        std::cerr << "okpay: --database and --owner-url are not the same database and schema\n";
        return 1;
    }
    if (store::may_change_history(*connection)) {
        std::cerr << "okpay: " << role
                  << " may change what is only appended all the same: it is a superuser, or a member of the owner's role\n";
        return 1;
    }
    std::cout << "schema " << store::schema_version << "; " << role
              << " serves: it can add to the ledger and the audit log and change neither\n";
    return 0;
}

}  // namespace okpay::server
