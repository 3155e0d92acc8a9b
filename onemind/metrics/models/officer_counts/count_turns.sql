-- One row per turn: a day on which a department's counts go up or down, and by how many officers.
-- An officer's turns are the first day counted, the day after the last, and the certificate turns
-- between.
select
    department_id,
    starts_on as day,
    coalesce(mhfa_until >= starts_on, false)::integer as mhfa,
    coalesce(cit_until >= starts_on, false)::integer as cit,
    (greatest(mhfa_until, cit_until) >= starts_on)::integer as either,
    coalesce(starts_on between expiring_from and mhfa_until, false)::integer as expiring,
    coalesce(mhfa_until < starts_on, false)::integer as lapsed,
    coalesce(new_before > starts_on, false)::integer as newly,
    0 as active
from training_steps
union all
select
    department_id,
    ends_before,
    -coalesce(mhfa_until >= ends_before - 1, false)::integer,
    -coalesce(cit_until >= ends_before - 1, false)::integer,
    -(greatest(mhfa_until, cit_until) >= ends_before - 1)::integer,
    -coalesce(ends_before - 1 between expiring_from and mhfa_until, false)::integer,
    -coalesce(mhfa_until < ends_before - 1, false)::integer,
    -coalesce(new_before > ends_before - 1, false)::integer,
    0
from training_steps
where ends_before < 'infinity'::date
union all
select department_id, day, mhfa, cit, either, expiring, lapsed, newly, 0
from certificate_turns
union all
select department_id, starts_on, 0, 0, 0, 0, 0, 0, 1
from roster_spans
where starts_on < ends_before
union all
select department_id, ends_before, 0, 0, 0, 0, 0, 0, -1
from roster_spans
where starts_on < ends_before and ends_before < 'infinity'::date
