-- One row per turn of an officer who keeps being counted: the day a certificate is no longer valid,
-- starts to expire soon, or is no longer new, and what that adds to each count.
select
    department_id,
    mhfa_until + 1 as day,
    -1 as mhfa,
    0 as cit,
    -coalesce(cit_until <= mhfa_until, true)::integer as either,
    -1 as expiring,
    1 as lapsed,
    0 as newly
from training_steps
where mhfa_until >= starts_on and mhfa_until < ends_before - 1 and mhfa_until < 'infinity'::date
union all
select
    department_id,
    cit_until + 1,
    0,
    -1,
    -coalesce(mhfa_until < cit_until, true)::integer,
    0,
    0,
    0
from training_steps
where cit_until >= starts_on and cit_until < ends_before - 1 and cit_until < 'infinity'::date
union all
select department_id, expiring_from, 0, 0, 0, 1, 0, 0
from training_steps
where expiring_from > starts_on and expiring_from < ends_before
union all
select department_id, new_before, 0, 0, 0, 0, 0, -1
from training_steps
where new_before > starts_on and new_before < ends_before
