-- One row an as-of date and counted officer: until when each practice's certificates are valid.
-- Counted are active sworn roster officers; without a roster, officers of rows not marked as not sworn.
with counting as (
    select
        pledge_states.as_of,
        certificates.department_id,
        certificates.officer_id,
        certificates.practice,
        certificates.completed_on,
        certificates.valid_until,
        sworn_counts.has_roster
    from certificates
    join pledge_states using (department_id)
    join sworn_counts using (as_of, department_id)
    where
        certificates.from_rank <= pledge_states.rank
        and certificates.completed_on <= pledge_states.as_of
        and (sworn_counts.has_roster or coalesce(certificates.sworn, true))
),
counted as (
    select as_of, department_id, officer_id, practice, completed_on, valid_until
    from counting
    where not has_roster
    union all
    select
        counting.as_of,
        counting.department_id,
        counting.officer_id,
        counting.practice,
        counting.completed_on,
        counting.valid_until
    from counting
    join active_officers using (as_of, department_id, officer_id)
    where counting.has_roster
)
select
    as_of,
    department_id,
    officer_id,
    min(completed_on) filter (where practice = 'mhfa') as first_mhfa_on,
    max(valid_until) filter (where practice = 'mhfa') as mhfa_until,
    max(valid_until) filter (where practice = 'cit') as cit_until
from counted
group by as_of, department_id, officer_id
