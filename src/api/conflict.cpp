// SPDX-License-Identifier: Apache-2.0
#include "api/conflict.hpp"

#include <array>

#include "api/handlers.hpp"
#include "payments/payment_ref.hpp"

namespace okpay::api {
namespace {

using customers::CustomerNo;

struct Place {
    std::string_view begins;
    SubjectKind kind;
};
constexpr std::array places{
    Place{"/api/v1/tickets/", SubjectKind::ticket},
    Place{"/api/v1/customers/", SubjectKind::customer},
    Place{"/api/v1/remedies/", SubjectKind::remedy},
    Place{"/api/v1/locks/", SubjectKind::lock},
    Place{"/api/v1/lock-releases/", SubjectKind::lock_release},
    Place{"/api/v1/changes/", SubjectKind::change},
    Place{"/api/v1/verifications/", SubjectKind::verification},
    Place{"/api/v1/rail-calls/", SubjectKind::payment},
    Place{"/api/v1/ledger/payments/", SubjectKind::payment},
    Place{"/api/v1/ledger/accounts/", SubjectKind::account},
    Place{"/api/v1/accounts/", SubjectKind::account},
    Place{"/api/v1/corrections/", SubjectKind::correction},
    Place{"/api/v1/erasures/", SubjectKind::erasure},
    Place{"/api/v1/suppressed-addresses/", SubjectKind::suppression},
    Place{"/api/v1/mail-brakes/", SubjectKind::nobody},
    Place{"/api/v1/held-mails/", SubjectKind::nobody},  // the writer looks at whose it is
    Place{"/api/v1/quarantine/", SubjectKind::nobody},
    Place{"/api/v1/faq-articles/", SubjectKind::nobody},
    Place{"/api/v1/macros/", SubjectKind::nobody},
    Place{"/api/v1/counterparties/", SubjectKind::nobody},
    Place{"/api/v1/rules/", SubjectKind::nobody},  // its firings: asked there
    Place{"/api/v1/routing/staff/", SubjectKind::nobody},
    Place{"/api/v1/house-webhook-endpoints/", SubjectKind::nobody},
    Place{"/api/v1/merchants/", SubjectKind::nobody},
    Place{"/api/v1/disputes/", SubjectKind::nobody},  // asked there: kept_from
    Place{"/api/v1/incidents/", SubjectKind::nobody},  // asked there: kept_from, and by the writer
    Place{"/api/v1/staff-approvals/", SubjectKind::nobody},
    Place{"/api/v1/staff-members/", SubjectKind::nobody},
};

using Behind = service::Read<std::vector<CustomerNo>>;

template <class Found, class Customer>
Behind one(const service::Read<std::optional<Found>>& found, Customer customer) {
    if (!found) return fail(found.error());
    std::vector<CustomerNo> behind;
    if (*found) {
        if (const std::optional<CustomerNo> no = customer(**found)) behind.push_back(*no);
    }
    return behind;
}

Behind behind_payment(service::Queries& queries, const std::string& name) {
    const auto id = payments::parse_payment_ref(name);
    if (!id) return std::vector<CustomerNo>{};
    const auto found = queries.payment(*id);
    if (!found) return fail(found.error());
    if (!*found) return std::vector<CustomerNo>{};
    const payments::Payment& payment = (*found)->payment;
    std::vector<money::AccountNo> accounts;
    for (const auto& account : {payment.payer, payment.payee}) {
        if (account) accounts.push_back(*account);
    }
    auto owners = queries.owners(accounts);
    if (owners && payment.customer) owners->push_back(*payment.customer);
    return owners;
}

Behind behind(service::Queries& queries, SubjectKind kind, const std::string& name) {
    const Behind none = std::vector<CustomerNo>{};
    switch (kind) {
    case SubjectKind::ticket: return queries.ticket_customers(name);
    case SubjectKind::customer: {
        const auto id = CustomerId::parse(name);
        if (!id) return none;
        return one(queries.customer(*id), [](const service::CustomerView& view) { return std::optional{view.customer.no}; });
    }
    case SubjectKind::remedy: {
        const auto id = RemedyId::parse(name);
        if (!id) return none;
        return one(queries.remedy(*id), [](const service::RemedyView& view) {
            return view.ticket.customer ? std::optional{view.ticket.customer->no} : std::nullopt;
        });
    }
    case SubjectKind::lock: {
        const auto no = count_of(name);
        if (!no || *no == 0) return none;
        return one(queries.lock(customers::LockNo{*no}),
                   [](const service::LockView& view) { return std::optional{view.customer.no}; });
    }
    case SubjectKind::lock_release: {
        const auto id = customers::LockReleaseId::parse(name);
        if (!id) return none;
        const auto lock = queries.lock_of_release(*id);
        if (!lock) return fail(lock.error());
        if (!*lock) return none;
        return one(queries.lock(**lock), [](const service::LockView& view) { return std::optional{view.customer.no}; });
    }
    case SubjectKind::change: {
        const auto id = customers::ChangeId::parse(name);
        if (!id) return none;
        return one(queries.change(*id), [](const service::ChangeView& view) { return std::optional{view.change.customer}; });
    }
    case SubjectKind::verification: {
        const auto id = customers::VerificationId::parse(name);
        if (!id) return none;
        return one(queries.verification(*id),
                   [](const service::VerificationView& view) { return std::optional{view.customer.no}; });
    }
    case SubjectKind::payment: return behind_payment(queries, name);
    case SubjectKind::account: {
        const auto no = count_of(name);
        if (!no || *no == 0) return none;
        return queries.owners({money::AccountNo{*no}});
    }
    case SubjectKind::correction: return none;  // the writer looks at both accounts; the list is of the books
    case SubjectKind::erasure: {
        const auto waiting = queries.waiting_erasures();
        if (!waiting) return fail(waiting.error());
        for (const service::ErasureView& view : *waiting) {
            if (view.row.id.text() == name) return std::vector{view.customer.no};
        }
        return none;
    }
    case SubjectKind::suppression: {
        const auto no = count_of(name);
        if (!no || *no == 0) return none;
        return one(queries.suppression(*no), [](const service::SuppressionView& view) {
            return view.customer ? std::optional{view.customer->no} : std::nullopt;
        });
    }
    case SubjectKind::nobody: return none;
    }
    std::abort();
}

}  // namespace

std::optional<SubjectKind> subject_of(std::string_view path) {
    for (const Place& place : places) {
        if (path.starts_with(place.begins)) return place.kind;
    }
    return std::nullopt;
}

awaitable<Result<KeptFrom, Problem>> kept_from(Api& api, const SignedIn& who) {
    auto query = [no = who.staff.no](service::Queries& queries) { return queries.kept_from(no); };
    auto found = co_await api.read(std::move(query));
    if (!found) co_return fail(problem_of(found.error()));
    KeptFrom kept{*std::move(found)};
    co_return kept;
}

awaitable<Result<std::vector<CustomerNo>, Problem>> customers_behind(Api& api, SubjectKind kind, std::string name) {
    auto query = [kind, name = std::move(name)](service::Queries& queries) { return behind(queries, kind, name); };
    auto found = co_await api.read(std::move(query));
    if (!found) co_return fail(problem_of(found.error()));
    co_return *std::move(found);
}

}  // namespace okpay::api
