-- One row an as-of date, department and month ahead: trained sworn officers whose MHFA certificates all end in it.
select
    as_of,
    department_id,
    date_trunc('month', mhfa_until)::date as month,
    count(*) as officers
from trained_officers
where mhfa_until between as_of and (as_of + to_months(12))::date
group by as_of, department_id, month
