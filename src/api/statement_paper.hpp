// SPDX-License-Identifier: Apache-2.0
// An account statement as a file to take away. Pure but for the fonts; the PDF is heavy: run it on a worker.
#pragma once

#include <string>

#include "base/result.hpp"
#include "customers/customer.hpp"
#include "paper/pdf.hpp"
#include "service/statement.hpp"

namespace okpay::api {

struct StatementPaper {
    service::Statement statement;
    customers::Customer customer;  // whose language and zone it is in
    std::string from_day, until_day;  // as asked for, the last one included
    std::string house, support_address;
    Moment made;
};

// One head, then a line for the opening balance, one for each movement, one for the closing balance, and the sums and the
// ledger's head behind: all of as many cells.
std::string statement_csv(const StatementPaper& paper);
Result<std::string, paper::PaperError> statement_pdf(const StatementPaper& paper);

}  // namespace okpay::api
