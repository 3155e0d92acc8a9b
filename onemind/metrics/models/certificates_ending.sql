-- One row per as-of date, department and month ahead: trained sworn officers whose last MHFA
-- certificate ends in that month.
select
    as_of,
    department_id,
    date_trunc('month', valid_until)::date as month,
    count(*) as officers
from mhfa_holders
where valid_until <= (as_of + to_months(12))::date
group by as_of, department_id, month
