-- One row per as-of date and counted officer, by pseudonym: how long the certificates are valid. A
-- null day means there is no certificate, or that it never ends.
select
    as_of,
    department_id,
    officer_id,
    case
        when mhfa_until is null then 'none'
        when mhfa_until < as_of then 'lapsed'
        when mhfa_until <= as_of + expiring_days then 'ending'
        else 'valid'
    end as mhfa,
    nullif(mhfa_until, 'infinity'::date) as mhfa_until,
    coalesce(cit_until >= as_of, false) as cit,
    nullif(cit_until, 'infinity'::date) as cit_until
from trained_officers
full join active_officers using (as_of, department_id, officer_id)
cross join spans
